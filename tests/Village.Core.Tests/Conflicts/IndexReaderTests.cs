using System.Text;
using Village.Conflicts;

namespace Village.Core.Tests.Conflicts;

public sealed class IndexReaderTests
{
    // git 2.39: `git add README dir/b`, then `git update-index --index-version 3` with dir/b left out of a sparse checkout.
    private const string Header = "44495243 00000002 00000002";
    private const string Readme =
        "697201e8 0ee6b280 697201e9 0ee6b281 0000fe00 0004a1b2 000081a4 000003e8 000003e8 00000006 ce013625030ba8dba906f756967f9e9ca394464a 0006 524541444d45 00000000";
    private const string Below =
        "697201e8 0ee6b280 697201e8 0ee6b280 0000fe00 0004a1b3 0000a1ff 000003e8 000003e8 00000002 ce013625030ba8dba906f756967f9e9ca394464a 0005 6469722f62 0000000000";
    private const string LeftOut =
        "697201e8 0ee6b280 697201e8 0ee6b280 0000fe00 0004a1b3 000081a4 000003e8 000003e8 00000002 ce013625030ba8dba906f756967f9e9ca394464a 4005 4000 6469722f62 000000";
    private const string Trees = "54524545 00000004 00010203";
    private const string Checksum = "0000000000000000000000000000000000000000";

    [Fact]
    public void Entries_come_in_their_order_with_what_proves_a_file_unchanged()
    {
        var (read, all) = Read($"{Header}{Readme}{Below}{Trees}{Checksum}");

        Assert.Equal(["README file 1769079272.250000000 1769079273.250000001 303538 6", "dir/b file 1769079272.250000000 1769079272.250000000 303539 2"], read);
        Assert.True(all);
    }

    [Fact]
    public void A_file_that_a_sparse_checkout_leaves_out_is_told_apart()
    {
        var (read, all) = Read($"44495243 00000003 00000001{LeftOut}{Checksum}");

        Assert.Equal(["dir/b file left out 1769079272.250000000 1769079272.250000000 303539 2"], read);
        Assert.True(all);
    }

    [Theory]
    [InlineData("0000e000", "a repository of its own")]
    [InlineData("00004000", "a directory of a sparse index")]
    public void What_is_no_file_is_not_taken_for_one(string mode, string what) =>
        Assert.True(Read($"44495243 00000002 00000001{Readme.Replace("000081a4", mode, StringComparison.Ordinal)}{Checksum}").Read.Single().StartsWith("README other", StringComparison.Ordinal), what);

    [Fact]
    public void A_side_of_a_conflict_is_not_taken_for_a_file() =>
        Assert.StartsWith("README other", Read($"44495243 00000002 00000001{Readme.Replace(" 0006 ", " 1006 ", StringComparison.Ordinal)}{Checksum}").Read.Single(), StringComparison.Ordinal);

    [Theory]
    [InlineData("44495243 00000004 00000000", "another version")]
    [InlineData("44495243 00000002 00000003" + Readme + Below, "fewer entries than promised")]
    [InlineData("44495243 00000002 00000000 6c696e6b 00000000", "a split index")]
    [InlineData("44495243 00000002 00000000 54524545 00001000", "an extension that is longer than the file")]
    [InlineData("00000000 00000002 00000000", "no index")]
    public void What_cannot_be_read_to_the_end_is_not_read_all(string start, string what) => Assert.False(Read(start + Checksum).All, what);

    // Whatever stands in the file, reading ends and says no more than is there.
    [Fact]
    public void A_cut_or_damaged_file_is_an_answer_and_no_failure()
    {
        var whole = Bytes($"{Header}{Readme}{Below}{Trees}{Checksum}");
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = whole[..random.Next(whole.Length + 1)];
            for (var flips = random.Next(4); flips > 0 && damaged.Length > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            Assert.True(Read(damaged).Read.Count <= 2 || damaged.Length >= whole.Length);
        }
    }

    private static (IReadOnlyList<string> Read, bool All) Read(string hex) => Read(Bytes(hex));

    private static (IReadOnlyList<string> Read, bool All) Read(byte[] bytes)
    {
        var entries = new IndexReader(bytes, 20);
        List<string> read = [];
        while (entries.Next())
        {
            var stamp = entries.Stamp;
            read.Add($"{Encoding.UTF8.GetString(entries.Path)} {(entries.IsFile ? "file" : "other")} {(entries.IsLeftOut ? "left out " : "")}"
                + $"{stamp.ChangedAt}.{stamp.ChangedNanos:000000000} {stamp.ModifiedAt}.{stamp.ModifiedNanos:000000000} {stamp.Inode} {stamp.Size}");
        }

        return (read, entries.HasReadAll());
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
