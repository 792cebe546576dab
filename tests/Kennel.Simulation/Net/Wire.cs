using System.Runtime.CompilerServices;
using Kennel.Client;
using Kennel.Simulation.Running;

namespace Kennel.Simulation.Net;

/// <summary>The API as one process has it, at the other end of the network.</summary>
sealed class Wire(Wires network, Process client, string link, string agent) : IApi
{
    public async ValueTask<ApiAnswer> Send(ApiCall call, CancellationToken cancel)
    {
        var exchange = new Exchange(client, link, agent, call);
        using var _ = cancel.Register(() => exchange.Answered.TrySetCanceled(cancel));
        network.Send(exchange);
        return await exchange.Answered.Task;
    }

    public async IAsyncEnumerable<WatchEvent> Watch(string path, [EnumeratorCancellation] CancellationToken cancel)
    {
        var stream = network.Open(client, link, agent, path);
        try
        {
            using var _ = cancel.Register(stream.Close);
            while (await stream.Next() is { } e) yield return e;
            cancel.ThrowIfCancellationRequested();
        }
        finally
        {
            stream.Close();
        }
    }
}
