using Village.Tests.Testing;

namespace Village.Tests.Commands;

/// <summary><c>village state --at</c>: the fold of what had happened by then.</summary>
[Trait("scm", "none")]
public sealed class StateTests
{
    private static readonly string[] Log =
    [
        """{"ts":"2026-01-22T10:00:00.000Z","cmd":"queue","task":"bd-a3f","result":"ok","from":"queued","to":"claimed","generation":1,"attempt":1,"agent":"build"}""",
        """{"ts":"2026-01-22T10:00:01.000Z","cmd":"worker","task":"bd-a3f","result":"ok","from":"claimed","to":"in_progress","generation":1,"attempt":1,"agent":"build"}""",
        """{"ts":"2026-01-22T10:05:00.000Z","cmd":"signal","task":"bd-a3f","result":"ok","generation":1,"signal":"waiting","message":"which port?"}""",
        """{"ts":"2026-01-22T10:30:00.000Z","cmd":"queue","task":"bd-b7c","result":"ok","from":"queued","to":"claimed","generation":1,"attempt":1,"agent":"docs"}""",
        """{"ts":"2026-01-22T11:00:00.000Z","cmd":"worker","task":"bd-a3f","result":"error","from":"in_progress","to":"failed","generation":1,"attempt":1,"agent":"build","reason":"timeout","message":"\u001b[31mtoo long"}""",
    ];

    [Fact]
    public async Task The_village_is_shown_as_it_was()
    {
        await using var village = Village();

        (await village.RunAsync("state", "--at", "2026-01-22T10:30")).Transcript.ShouldBe("""
            At 2026-01-22 10:30:00: 1 in progress, 1 claimed, 0 paused, 0 completed, 0 failed, 0 back in the queue

            TASK    STATE        SINCE                ATTEMPT  AGENT  NOTE
            bd-a3f  in_progress  2026-01-22 10:00:01  1        build  waiting: which port?
            bd-b7c  claimed      2026-01-22 10:30:00  0        docs
            """);
        (await village.RunAsync("state", "--at", "2026-01-22T11:59:59.999+01:00")).Transcript.ShouldBe("""
            At 2026-01-22 10:59:59: 1 in progress, 1 claimed, 0 paused, 0 completed, 0 failed, 0 back in the queue

            TASK    STATE        SINCE                ATTEMPT  AGENT  NOTE
            bd-a3f  in_progress  2026-01-22 10:00:01  1        build  waiting: which port?
            bd-b7c  claimed      2026-01-22 10:30:00  0        docs
            """);
        (await village.RunAsync("state", "--at", "2026-01-22T09:00")).Transcript.ShouldBe("""
            At 2026-01-22 09:00:00: 0 in progress, 0 claimed, 0 paused, 0 completed, 0 failed, 0 back in the queue
            No task had been worked on
            """);
        (await village.RunAsync("state")).Transcript.ShouldBe("""
            Now: 0 in progress, 1 claimed, 0 paused, 0 completed, 1 failed, 0 back in the queue

            TASK    STATE    SINCE                ATTEMPT  AGENT  NOTE
            bd-a3f  failed   2026-01-22 11:00:00  1        build  timeout: \x1b[31mtoo long
            bd-b7c  claimed  2026-01-22 10:30:00  0        docs
            """);
    }

    [Fact]
    public async Task A_task_is_shown_as_it_was()
    {
        await using var village = Village();

        (await village.RunAsync("state", "bd-a3f", "--at", "2026-01-22T10:00:00.500")).Transcript.ShouldBe("""
            bd-a3f was claimed at 2026-01-22 10:00:00

            TIME                 FROM    TO       BY     ATTEMPT  WHY
            2026-01-22 10:00:00  queued  claimed  queue  1
            """);
        var before = (await village.RunAsync("state", "bd-b7c", "--at", "2026-01-22T10:29", "--json")).Succeed().Json();
        Assert.Equal(("queued", 0), (Asking.Text(before, "current_state"), before.GetProperty("history").GetArrayLength()));
        (await village.RunAsync("state", "bd-a3f", "--at", "noon")).Transcript.ShouldBe("""
            error: --at: 'noon' is not a time such as 2026-01-22, 2026-01-22T10:41 or 2026-01-22T10:41:12Z, nor how long ago such as 8h
            hint: for example: village state --at 2026-01-22T10:41
            [exit 5]
            """);
    }

    private static TestVillage Village()
    {
        var village = TestVillage.Create("repo", "git");
        Directory.CreateDirectory(village.State);
        File.WriteAllLines(Path.Combine(village.State, "events.log"), Log);
        return village;
    }
}
