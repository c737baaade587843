using System.Text;
using CsCheck;
using Village.Core.Tests.Tasks;
using Village.Events;
using Village.Tasks;
using static Village.Core.Tests.Events.EventSamples;

namespace Village.Core.Tests.Events;

public sealed class CheckpointTests
{
    [Fact]
    public void A_checkpoint_reads_as_it_was_written()
    {
        var ledger = Ledger(
            To("bd-a", TaskState.InProgress, 3, 2) with { Message = "tab\tnewline\nquote\" ü" },
            Signal("bd-a", "waiting", 3),
            To("bd-b", TaskState.Failed, 9, 4) with { Reason = "timeout", Stack = "at A()\n at B()" },
            new VillageEvent { Ts = TaskSamples.Now.AddHours(1), Cmd = "down", Task = "bd-c", Generation = 7 });

        var read = Checkpoint.TryParse(new Checkpoint(ledger, 12345, 17, uint.MaxValue).Format());

        Assert.NotNull(read);
        Assert.Equal((12345, 17u, uint.MaxValue, 4, TaskSamples.Now.AddHours(1)), (read.Offset, read.Head, read.Tail, read.Ledger.Count, read.Ledger.LastEvent));
        Assert.Equal(ledger.Of(TaskSamples.Id("bd-a")), read.Ledger.Of(TaskSamples.Id("bd-a")));
        Assert.Equal(ledger.Of(TaskSamples.Id("bd-c")), read.Ledger.Of(TaskSamples.Id("bd-c")));
        var failed = read.Ledger.Of(TaskSamples.Id("bd-b"));
        Assert.Equal(("timeout", null, 1), (failed.LastChange?.Reason, failed.LastChange?.Stack, failed.FailuresInARow));
    }

    [Fact]
    public void Going_on_from_a_checkpoint_is_folding_the_whole_log() => Gen.Select(LedgerTests.Logs, Gen.Int[0, 30]).Sample((log, cut) =>
    {
        var restored = Checkpoint.TryParse(new Checkpoint(Ledger(log.Take(cut)), 1, 2, 3).Format())!.Ledger;
        foreach (var e in log.Skip(cut))
        {
            restored.Add(e);
        }

        var whole = Ledger(log);
        Assert.Equal(whole.Tasks.OrderBy(pair => pair.Key, StringComparer.Ordinal), restored.Tasks.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal((whole.Count, whole.LastEvent), (restored.Count, restored.LastEvent));
        Assert.Equal(Encoding.UTF8.GetString(new Checkpoint(whole, 1, 2, 3).Format()), Encoding.UTF8.GetString(new Checkpoint(restored, 1, 2, 3).Format()));
    });

    [Fact]
    public void A_damaged_checkpoint_is_none()
    {
        var whole = new Checkpoint(Ledger(To("bd-a", TaskState.InProgress, 3, 2), To("bd-b", TaskState.Failed, 9, 4)), 999, 1, 2).Format();
        var header = Encoding.ASCII.GetString(whole).IndexOf('\n', StringComparison.Ordinal);

        Assert.All(Enumerable.Range(0, whole.Length), length => Assert.Null(Checkpoint.TryParse(whole.AsSpan(0, length))));
        foreach (var at in Enumerable.Range(header + 1, whole.Length - header - 1).Concat(Enumerable.Range(0, "village-checkpoint 4".Length)))
        {
            foreach (var bit in Enumerable.Range(0, 8))
            {
                var damaged = whole.ToArray();
                damaged[at] ^= (byte)(1 << bit);
                Assert.Null(Checkpoint.TryParse(damaged));
            }
        }
    }

    [Fact]
    public void Whatever_the_bytes_are_reading_does_not_throw() => Gen.Select(Gen.Byte.Array[0, 300], Gen.Bool).Sample((bytes, plausible) =>
    {
        // With a right checksum, so that the entries are looked at too.
        byte[] text = plausible ? [.. Encoding.ASCII.GetBytes($"village-checkpoint 4\t5\t6\t7\t8\t\t{Checkpoint.Sum(bytes)}\n"), .. bytes] : bytes;
        _ = Checkpoint.TryParse(text);
    });

    [Theory]
    [InlineData("bd-a\t1\t1\t0\t\t\t\t\t\t\t\n", true)]
    [InlineData("bd-a\t1\t1\t0\t\t1.25\t\t\t\t\t\n", true)]
    [InlineData("$\tbuild\t1.5\n", true)]
    [InlineData("$\tbuild\tmuch\n", false)]
    [InlineData("%\tbuild\t2\t97.5\t1\t1\t0\t0\t0\t0\t0\t2\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0\t1\t2\t3\t4\t0.5\n", true)]
    [InlineData("%\tbuild\t2\t97.5\t1\t1\t0\t0\t0\t0\t0\t2\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0\t\t\t\t\t\n", true)]
    [InlineData("%\tbuild\t2\t97.5\t1\t1\t0\t0\t0\t0\t0\t2\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0\t1\t\t\t\t\n", false)]
    [InlineData("%\tbuild\t2\tNaN\t1\t1\t0\t0\t0\t0\t0\t2\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0\t1\t2\t3\t4\t0.5\n", false)]
    [InlineData("%\tbuild\t2\t97.5\t1\n", false)]
    [InlineData("!\ttimeout\t3\n", true)]
    [InlineData("!\ttimeout\t3\t4\n", false)]
    [InlineData("!\ttimeout\t-3\n", false)]
    [InlineData("!\ttimeout\t3\n!\ttimeout\t3\n", false)]
    [InlineData("@\t17756\t1\t2\t0.5\t0\t0\t1\t0\t0\t0\t1\n", true)]
    [InlineData("@\t17756\t1\n", false)]
    [InlineData("$\tbuild\t-1\n", false)]
    [InlineData("../a\t1\t1\t0\t\t\t\n", false)]
    [InlineData("bd-a\t-1\t1\t0\t\t\t\n", false)]
    [InlineData("bd-a\t1\t99999999999\t0\t\t\t\n", false)]
    [InlineData("bd-a\t1\t1\t99999999999\t\t\t\n", false)]
    [InlineData("bd-a\t1\t1\tx\t\t\t\n", false)]
    [InlineData("bd-a\n", false)]
    public void An_entry_that_cannot_be_is_damage(string body, bool isRead) => Assert.Equal(
        isRead,
        Checkpoint.TryParse(Encoding.ASCII.GetBytes($"village-checkpoint 4\t5\t6\t7\t8\t\t{Checkpoint.Sum(Encoding.ASCII.GetBytes(body))}\n{body}")) is not null);

    [Theory]
    [InlineData("village-checkpoint 4\tx\t6\t7\t8\t\t0\n")]
    [InlineData("village-checkpoint 4\t5\t4294967296\t7\t8\t\t0\n")]
    [InlineData("village-checkpoint 4\t5\t6\t4294967296\t8\t\t0\n")]
    [InlineData("village-checkpoint 4\t5\t6\t7\t-8\t\t0\n")]
    [InlineData("village-checkpoint 4\t5\t6\t7\t8\t\t1\n")]
    [InlineData("village-checkpoint 2\t5\t6\t7\t8\t\t0\n")]
    public void A_header_that_cannot_be_is_damage(string header) => Assert.Null(Checkpoint.TryParse(Encoding.ASCII.GetBytes(header)));

    // CRC-32C of "123456789" as every implementation's documentation gives it.
    [Fact]
    public void The_checksum_is_the_castagnoli_polynomials() => Assert.Equal(0xE3069283u, Checkpoint.Sum("123456789"u8));
}
