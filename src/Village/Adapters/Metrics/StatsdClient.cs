using System.Net;
using System.Net.Sockets;
using Village.Errors;

namespace Village.Adapters.Metrics;

/// <summary>Sends packets to a StatsD server, by UDP: nobody answers, so nobody knows whether they arrive.</summary>
internal static class StatsdClient
{
    private static readonly TimeSpan LookUpTime = TimeSpan.FromSeconds(10);

    /// <summary>Sends all packets; a server that cannot be found, or a network that cannot be reached, is Transient.</summary>
    public static async Task SendAsync(string host, int port, IEnumerable<byte[]> packets, CancellationToken ct)
    {
        try
        {
            var address = IPAddress.TryParse(host, out var given) ? given : await LookUpAsync(host, ct);
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            var server = new IPEndPoint(address, port);
            foreach (var packet in packets)
            {
                await socket.SendToAsync(packet, SocketFlags.None, server, ct);
            }
        }
        catch (SocketException failure)
        {
            throw Unreachable(host, failure.Message);
        }
    }

    private static async Task<IPAddress> LookUpAsync(string host, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(LookUpTime);
        try
        {
            return (await Dns.GetHostAddressesAsync(host, deadline.Token)) is [var first, ..] ? first : throw Unreachable(host, "it has no address");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Unreachable(host, $"its name was not found in {LookUpTime.TotalSeconds:0} s");
        }
    }

    private static VillageException Unreachable(string host, string why) => new(
        ErrorKind.Transient, $"the StatsD server '{Printable.Line(host)}' cannot be reached: {Printable.Line(why)}", "village config list --show-origin | grep statsd");
}
