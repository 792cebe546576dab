using System.Runtime.CompilerServices;
using Kennel.Client;
using Kennel.Node.Agent;

namespace Kennel.Node.Simulated;

/// <summary>What lies between a simulated node and the API: while it is cut, nothing goes through in either direction.</summary>
/// <param name="feed">The feed of pods that the node shares with others.</param>
public sealed class SimulatedLink(IApi api, PodFeed feed, string node) : IApi
{
    volatile bool _cut;

    public bool IsCut => _cut;

    /// <summary>The node is alone from now on; its containers go on running until its agent decides otherwise.</summary>
    public void Cut()
    {
        _cut = true;
        feed.Hold(node);
    }

    /// <summary>The node hears what it has missed.</summary>
    public void Mend()
    {
        _cut = false;
        feed.Resume(node);
    }

    public ValueTask<ApiAnswer> Send(ApiCall call, CancellationToken cancel) => _cut ? throw Away() : api.Send(call, cancel);

    public async IAsyncEnumerable<WatchEvent> Watch(string path, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (_cut) throw Away();
        await foreach (var e in api.Watch(path, cancel)) yield return _cut ? throw Away() : e;
    }

    ApiUnavailableException Away() => new($"node {node} is cut off from the API");
}

/// <summary>A simulated node with what can be made to go wrong: below it (<see cref="SimulatedRuntime"/>) and beside it.</summary>
public sealed record SimulatedMachine(NodeAgent Agent, SimulatedRuntime Runtime, SimulatedLink Link);
