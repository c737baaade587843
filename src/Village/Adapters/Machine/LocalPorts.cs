using System.Buffers.Binary;
using Village.Platform;

namespace Village.Adapters.Machine;

/// <summary>Asks the kernel about ports of this machine.</summary>
internal static class LocalPorts
{
    /// <summary>Whether a program could listen on a port of 127.0.0.1 at this moment.</summary>
    public static unsafe bool IsFree(int port)
    {
        var fd = Libc.Socket(Libc.InternetFamily, Libc.StreamSocket | Libc.CloseOnExec, 0);
        if (fd < 0)
        {
            return false;
        }

        try
        {
            // As servers do: what the last connections of a former one have left of them does not count.
            var reuse = 1;
            _ = Libc.SetSocketOption(fd, Libc.SocketLevel, Libc.ReuseAddress, &reuse, sizeof(int));

            // struct sockaddr_in: family, port, address, nothing; the numbers in the order of the network.
            Span<byte> address = stackalloc byte[16];
            address.Clear();
            BinaryPrimitives.WriteInt16LittleEndian(address, Libc.InternetFamily);
            BinaryPrimitives.WriteUInt16BigEndian(address[2..], (ushort)port);
            BinaryPrimitives.WriteUInt32BigEndian(address[4..], 0x7f000001);
            fixed (byte* start = address)
            {
                return Libc.Bind(fd, start, 16) is 0 && Libc.Listen(fd, 1) is 0;
            }
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }
}
