using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace Village.Tests.Testing;

/// <summary>Real Chromium without a window, which may run no script and reach no network.</summary>
/// <param name="village">The sandbox in which it keeps its profile.</param>
internal sealed class Browser(TestVillage village)
{
    private static readonly string[] Alone =
    [
        "--headless", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
        "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND", "--hide-scrollbars", "--force-color-profile=srgb",

        // In a process of its own a frame may be painted after the picture was taken.
        "--disable-features=IsolateSandboxedIframes",
    ];

    /// <summary>What a page looks like without JavaScript.</summary>
    public Picture Look(string page, int width, int height, bool isDark)
    {
        // Chromium takes no picture where scripts are switched off for all; in a frame with a sandbox none runs.
        var frame = Path.Combine(village.Sandbox, "frame.html");
        File.WriteAllText(frame, $$"""
            <!DOCTYPE html><meta name="color-scheme" content="light dark">
            <style>body{margin:0}iframe{display:block;border:0;width:100vw;height:{{height}}px}</style><iframe sandbox src="{{page}}"></iframe>
            """);
        var picture = Path.Combine(village.Sandbox, "picture.png");
        File.Delete(picture);
        Run($"--blink-settings=preferredColorScheme={(isDark ? 0 : 1)}", string.Create(CultureInfo.InvariantCulture, $"--window-size={width},{height}"), $"--screenshot={picture}", $"file://{frame}");
        return Picture.Of(File.ReadAllBytes(picture));
    }

    /// <summary>The document that it made of a page; here a script would run, if the page let it.</summary>
    public string Document(string page) => Run("--dump-dom", $"file://{page}");

    // A profile of its own, so that none waits for another.
    private string Run(params string[] more)
    {
        var profile = Path.Combine(village.Sandbox, $"profile-{Guid.NewGuid():N}");
        return village.Tool("timeout", ["60", "chromium", $"--user-data-dir={profile}", .. Alone, .. more]);
    }
}

/// <summary>A picture of 8 bits a channel, as Chromium's PNG files have it.</summary>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Pixels">The pixels line by line, as <c>0xRRGGBB</c>.</param>
internal sealed record Picture(int Width, int Height, int[] Pixels)
{
    /// <summary>The colour at a place.</summary>
    public int At(int x, int y) => Pixels[(y * Width) + x];

    /// <summary>How many pixels have a colour.</summary>
    public int Count(int colour) => Pixels.Count(pixel => pixel == colour);

    /// <summary>A PNG file's picture; only what the format's specification demands of a file of this kind is understood.</summary>
    public static Picture Of(ReadOnlySpan<byte> png)
    {
        // An 8-byte signature, then chunks: length, type, data, checksum.
        var (width, height, channels) = (0, 0, 0);
        using var packed = new MemoryStream();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png[at..]);
            var data = png.Slice(at + 8, length);
            switch (System.Text.Encoding.ASCII.GetString(png.Slice(at + 4, 4)))
            {
                case "IHDR":
                    (width, height) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
                    channels = (data[8], data[9], data[12]) switch { (8, 2, 0) => 3, (8, 6, 0) => 4, var kind => throw new InvalidDataException($"a picture of another kind: {kind}") };
                    break;
                case "IDAT":
                    packed.Write(data);
                    break;
                default:
                    break;
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var stream = new ZLibStream(packed, CompressionMode.Decompress);
        var (line, above) = (new byte[width * channels], new byte[width * channels]);
        var pixels = new int[width * height];
        for (var y = 0; y < height; y++)
        {
            var filter = stream.ReadByte();
            stream.ReadExactly(line);
            Unfilter(filter, line, above, channels);
            for (var x = 0; x < width; x++)
            {
                var pixel = line.AsSpan(x * channels);
                pixels[(y * width) + x] = (pixel[0] << 16) | (pixel[1] << 8) | pixel[2];
            }

            (line, above) = (above, line);
        }

        return new(width, height, pixels);
    }

    // PNG specification, section 9: each byte is told as a difference to what its neighbours let expect.
    private static void Unfilter(int filter, byte[] line, byte[] above, int channels)
    {
        for (var i = 0; i < line.Length; i++)
        {
            var (left, corner) = i < channels ? (0, 0) : (line[i - channels], above[i - channels]);
            line[i] += (byte)(filter switch
            {
                0 => 0,
                1 => left,
                2 => above[i],
                3 => (left + above[i]) / 2,
                4 => Nearest(left, above[i], corner),
                _ => throw new InvalidDataException($"no filter: {filter}"),
            });
        }
    }

    private static int Nearest(int left, int up, int corner)
    {
        var guess = left + up - corner;
        var (a, b, c) = (Math.Abs(guess - left), Math.Abs(guess - up), Math.Abs(guess - corner));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }
}
