using System.Buffers;
using System.Net.Sockets;

namespace LeadCrm.AppHost.Embedded;

/// <summary>Two connected sockets: what comes in on one goes out on the other, until both are done or one of them breaks.</summary>
internal sealed class Relay(Socket client, Socket server)
{
    private const int BufferBytes = 16 * 1024;

    /// <summary>How long the other side may take to finish when one side has: a closed connection is not kept half open for ever.</summary>
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when both sockets are closed.</summary>
    public Task Ended => _ended.Task;

    public async Task Run()
    {
        // Answers are small: waiting for more to send would only delay them.
        client.NoDelay = server.NoDelay = true;
        Task[] both = [Copy(client, server), Copy(server, client)];
        var first = await Task.WhenAny(both);
        if (first.IsFaulted)
        {
            Cut();
        }
        else
        {
            await Task.WhenAny(Task.WhenAll(both), Task.Delay(FarewellPatience));
            client.Dispose();   // what the kernel still has to send it sends
            server.Dispose();
        }

        await Task.WhenAll(both).ContinueWith(t => _ = t.Exception, TaskScheduler.Default);   // seen: a broken connection is an end like another
        _ended.SetResult();
    }

    /// <summary>Breaks both off. The reset says that it was no orderly end: an answer that was cut short must not look like a whole one.</summary>
    public void Cut()
    {
        client.Close(0);
        server.Close(0);
    }

    private static async Task Copy(Socket from, Socket to)
    {
        while (true)
        {
            await from.ReceiveAsync(Memory<byte>.Empty);   // an idle connection holds no buffer
            var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
            try
            {
                var received = await from.ReceiveAsync(buffer);
                if (received == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                for (var sent = 0; sent < received;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, received - sent));
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
