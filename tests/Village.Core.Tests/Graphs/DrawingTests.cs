using System.Text.RegularExpressions;
using CsCheck;
using Village.Graphs;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;
using static Village.Core.Tests.Tasks.TaskSamples;

namespace Village.Core.Tests.Graphs;

public sealed partial class DrawingTests
{
    private const string Hostile = "say \"hi\" ] \\ \n<script>alert(1)</script> %%{init: {}}%% &lt; #quot; `x` --> end\u001b[31m\ud83d\ude00\ud83d";

    private static readonly TaskSpec[] All =
    [
        Task("bd-a") with { Title = Hostile },
        Task("bd-b", "blocks:bd-a", "related:bd-e", "x\"y]:bd-a"),
        Task("bd-e.1", "parent-child:bd-e"),
        Task("bd-e") with { Type = "epic" },
        Task("bd-w", "waits-for:bd-e"),
        Task("bd-x", "blocks:bd-y"),
        Task("bd-y", "blocks:bd-x"),
    ];

    [Fact]
    public void Graphviz_is_told_each_task_and_each_edge() => Assert.Equal(
        """
        digraph village {
          rankdir=LR;
          node [shape=box style="rounded,filled" fillcolor="#ffffff" fontname="sans-serif"];
          "bd-a" [label="bd-a · ready\nsay \"hi\" ] \\ \\n<script>alert(1)</script> %%{init: {}}%% &amp;lt…" fillcolor="#d7f5dc"];
          "bd-b" [label="bd-b · waiting\nbd-b" fillcolor="#ffffff"];
          "bd-e" [label="bd-e · epic\nbd-e" fillcolor="#ffffff"];
          "bd-e.1" [label="bd-e.1 · ready\nbd-e.1" fillcolor="#d7f5dc"];
          "bd-w" [label="bd-w · waiting\nbd-w" fillcolor="#ffffff"];
          "bd-x" [label="bd-x · waiting\nbd-x" fillcolor="#ffffff" color="#c00000" penwidth=2];
          "bd-y" [label="bd-y · waiting\nbd-y" fillcolor="#ffffff" color="#c00000" penwidth=2];
          "bd-a" -> "bd-b";
          "bd-b" -> "bd-a" [style=dotted color="#a0a0a0" constraint=false label="x\"y]"];
          "bd-b" -> "bd-e" [style=dotted color="#a0a0a0" constraint=false label="related"];
          "bd-e" -> "bd-e.1" [style=dotted arrowhead=none label="parent-child"];
          "bd-e" -> "bd-w" [style=dashed label="waits-for"];
          "bd-y" -> "bd-x";
          "bd-x" -> "bd-y";
        }

        """, DotText.Of(Picture(All)));

    [Fact]
    public void Mermaid_is_told_the_same() => Assert.Equal(
        """
        flowchart LR
          n0["bd-a · ready<br/>say #34;hi#34; #93; #92; #92;n#60;script#62;alert#40;1#41;#60;#47;script#62; #37;#37;#123;init#58; #123;#125;#125;#37;#37; #38;lt#8230;"]
          n1["bd-b · waiting<br/>bd-b"]
          n2["bd-e · epic<br/>bd-e"]
          n3["bd-e.1 · ready<br/>bd-e.1"]
          n4["bd-w · waiting<br/>bd-w"]
          n5["bd-x · waiting<br/>bd-x"]
          n6["bd-y · waiting<br/>bd-y"]
          n0 --> n1
          n1 -.-|"x#34;y#93;"| n0
          n1 -.-|"related"| n2
          n2 --- n3
          n2 -.->|"waits-for"| n4
          n6 --> n5
          n5 --> n6
          classDef s0 fill:#d7f5dc,stroke:#808080,color:#000000
          class n0,n3 s0
          classDef s1 fill:#ffffff,stroke:#808080,color:#000000
          class n1,n2,n4,n5,n6 s1
          classDef circle stroke:#c00000,stroke-width:3px
          class n5,n6 circle

        """, MermaidText.Of(Picture(All)));

    // Whatever a title holds, each line has one of these forms, so nothing of it can be read as anything but text.
    [Fact]
    public void No_title_gets_out_of_its_label() => Gen.String.Sample(title =>
    {
        var picture = Picture([Task("bd-a") with { Title = title, Status = title is "closed" or "tombstone" ? "open" : title }, Task("bd-b", "blocks:bd-a")]);

        Assert.All(MermaidText.Of(picture).TrimEnd('\n').Split('\n'), line => Assert.Matches(MermaidLine(), line));
        Assert.All(DotText.Of(picture).TrimEnd('\n').Split('\n'), line => Assert.Matches(DotLine(), line));
    });

    [Theory]
    [InlineData("short", 5, "short")]
    [InlineData("longer", 5, "long…")]
    [InlineData("two words", 5, "two…")]
    [InlineData("日本語", 6, "日本語")]
    [InlineData("日本語", 5, "日本…")]
    [InlineData("a\ud83d\ude00b", 3, "a…")]
    [InlineData("a\nb", 4, "a\\nb")]
    [InlineData("", 1, "")]
    public void A_title_is_cut_between_letters_by_the_columns_that_it_takes(string title, int columns, string text) =>
        Assert.Equal(text, PictureLabel.Shortened(title, columns));

    private static TaskPicture Picture(TaskSpec[] tasks) =>
        TaskPicture.Of(new TaskGraph(tasks, Now, new HashSet<TaskId>()), Ledger([]), _ => "build", [], all: true);

    [GeneratedRegex("""^(flowchart LR|  n\d+\["(?:[\p{L}\p{Nd} .,_!?'+·-]|#\d+;|<br/>)*"\]|  n\d+ (-->|---|-\.->\|"waits-for"\||-\.-\|"(?:[\p{L}\p{Nd} .,_!?'+-]|#\d+;)*"\|) n\d+|  classDef \w+ [\w:#,-]+|  class n\d+(,n\d+)* \w+)\z""", RegexOptions.CultureInvariant)]
    private static partial Regex MermaidLine();

    [GeneratedRegex("""^(digraph village \{|  rankdir=LR;|  node \[.*\];|\}|  "[\w.-]+"( -> "[\w.-]+")?( \[(?:[a-z]+=(?:\w+|"(?:[^"\\\p{Cc}]|\\["\\n])*")(?: |(?=\])))+\])?;)\z""", RegexOptions.CultureInvariant)]
    private static partial Regex DotLine();
}
