using System.Net.WebSockets;

namespace Kennel.Server.Streams;

static class Copying
{
    /// <summary>The end of a stream, however it ends, is an end.</summary>
    public static async Task Quietly(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or WebSocketException or ObjectDisposedException or Microsoft.AspNetCore.Connections.ConnectionAbortedException)
        {
            // The other side is gone.
        }
    }
}
