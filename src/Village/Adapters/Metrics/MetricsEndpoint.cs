using System.Net;
using System.Net.Sockets;
using System.Text;
using Village.Errors;
using Village.Metrics;

namespace Village.Adapters.Metrics;

/// <summary>
/// A place where metrics can be scraped by HTTP. One answer a connection; who is slow, or says too much, is cut off after seconds,
/// and only very many of them at once keep others waiting so long.
/// </summary>
internal sealed class MetricsEndpoint : IDisposable
{
    private const int MostAtOnce = 32;
    private const int LongestHead = 8 << 10;
    private const int LongestRest = 64 << 10;
    private static readonly TimeSpan ReadTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WriteTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(1);
    private readonly TcpListener listener;

    private MetricsEndpoint(TcpListener listener) => this.listener = listener;

    /// <summary>Where it is: <c>http://127.0.0.1:9090/metrics</c>.</summary>
    public string Url => $"http://{listener.LocalEndpoint}/metrics";

    /// <summary>Begins to listen; a port that is taken is NotReady.</summary>
    public static MetricsEndpoint Open(IPAddress address, int port)
    {
        var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return new(listener);
        }
        catch (SocketException failure)
        {
            listener.Dispose();
            throw new VillageException(
                ErrorKind.NotReady, $"nothing can listen on port {port} of {address}: {Printable.Line(failure.Message)}", "take another port: village metrics --serve --port 9464", failure);
        }
    }

    /// <summary>Answers until it is called off.</summary>
    /// <param name="metrics">The text of the metrics; a VillageException of it is what the scraper reads.</param>
    /// <param name="ct">Calls it off.</param>
    public async Task ServeAsync(Func<CancellationToken, Task<string>> metrics, CancellationToken ct)
    {
        using var slots = new SemaphoreSlim(MostAtOnce);
        List<Task> open = [];
        try
        {
            while (true)
            {
                await slots.WaitAsync(ct);
                open.RemoveAll(task => task.IsCompleted);
                open.Add(AnswerAsync(await AcceptAsync(ct), metrics, slots, ct));
            }
        }
        finally
        {
            await Task.WhenAll(open);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    // A caller that is gone before it was let in, or too many open files: the next one may fare better.
    private async Task<Socket> AcceptAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await listener.AcceptSocketAsync(ct);
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
            }
        }
    }

    private static async Task AnswerAsync(Socket client, Func<CancellationToken, Task<string>> metrics, SemaphoreSlim slots, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            deadline.CancelAfter(ReadTime);
            if (await ReadAsync(client, deadline.Token) is { } answer)
            {
                deadline.CancelAfter(Timeout.InfiniteTimeSpan);
                var (final, body) = await BodyAsync(answer, metrics, deadline.Token);
                deadline.CancelAfter(WriteTime);
                await SendAsync(client, final.Head(body.Length), deadline.Token);
                await SendAsync(client, final.HasBody ? body : [], deadline.Token);

                // What is still unread when a socket is closed makes the kernel take the answer back.
                client.Shutdown(SocketShutdown.Send);
                deadline.CancelAfter(CloseTime);
                await DrainAsync(client, deadline.Token);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // It was too slow, or has gone, or all of this ends.
        }
        finally
        {
            client.Dispose();
            slots.Release();
        }
    }

    // The answer to the request, or null when the other side has gone without one.
    private static async Task<ScrapeAnswer?> ReadAsync(Socket client, CancellationToken ct)
    {
        var buffer = new byte[LongestHead];
        for (var filled = 0; filled < buffer.Length;)
        {
            var n = await client.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, ct);
            filled += n;
            var head = buffer.AsSpan(0, filled);
            var end = head.IndexOf("\r\n\r\n"u8) is >= 0 and var at ? at : head.IndexOf("\n\n"u8);
            if (end >= 0)
            {
                return ScrapeAnswer.To(head[..end]);
            }

            if (n is 0)
            {
                return null;
            }
        }

        return ScrapeAnswer.TooLong;
    }

    private static async Task<(ScrapeAnswer Answer, byte[] Body)> BodyAsync(ScrapeAnswer answer, Func<CancellationToken, Task<string>> metrics, CancellationToken ct)
    {
        try
        {
            return (answer, Encoding.UTF8.GetBytes(answer.Body ?? await metrics(ct)));
        }
        catch (Exception failure) when (failure is VillageException or IOException)
        {
            var sorry = ScrapeAnswer.Unavailable(Printable.Line((failure as VillageException)?.Advice ?? failure.Message)) with { HasBody = answer.HasBody };
            return (sorry, Encoding.UTF8.GetBytes(sorry.Body!));
        }
    }

    private static async Task SendAsync(Socket client, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await client.SendAsync(bytes, SocketFlags.None, ct)..];
        }
    }

    private static async Task DrainAsync(Socket client, CancellationToken ct)
    {
        var buffer = new byte[4096];
        for (var rest = LongestRest; rest > 0;)
        {
            var n = await client.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, ct);
            if (n is 0)
            {
                return;
            }

            rest -= n;
        }
    }
}
