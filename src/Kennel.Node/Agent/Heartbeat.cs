using System.Globalization;
using Kennel.Client;
using Kennel.Objects;
using Kennel.Objects.Coordination;
using ApiNode = Kennel.Objects.Core.Node;

namespace Kennel.Node.Agent;

/// <summary>Registers the node and says that it lives: a Lease every 10 s, the Node's status every 5 min or when it changes.</summary>
sealed class Heartbeat(Shared shared, Machine machine)
{
    const string LeaseSpace = "kube-node-lease";
    static readonly TimeSpan s_statusEvery = TimeSpan.FromMinutes(5);
    static readonly Backoff s_again = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(7));

    DateTimeOffset _statusAt;
    NodeHealth? _told;

    int LeaseSeconds => (int)Math.Ceiling(shared.Options.Lease.TotalSeconds);

    public NodeHealth Health { get; set; } = NodeHealth.Good;

    /// <summary>Timestamp of the last renewal of the lease that succeeded, of the moment before it was sent; null before the first.</summary>
    public long? Renewed { get; private set; }

    /// <summary>Makes the Node object, or takes over the one that is there. Tries until it succeeds.</summary>
    public async Task Register(CancellationToken cancel)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                var answer = await shared.Parts.Api.Send(new("POST", ApiNode.Resource.Path(), Json.Write(NodeObject.New(shared.Options, machine, shared.Now))), cancel);
                if (answer.Status == 409) await Relabel(cancel);
                if (answer.Succeeded || answer.Status == 409)
                {
                    await Beat(cancel);
                    return;
                }
                shared.Parts.Log($"registering node {shared.Options.Node}: the server answered {answer.Status}: {System.Text.Encoding.UTF8.GetString(answer.Body.Span)}");
            }
            catch (ApiUnavailableException away)
            {
                shared.Parts.Log($"registering node {shared.Options.Node}: {away.Message}");
            }
            await Task.Delay(s_again.After(tries, shared.Parts.Random), shared.Parts.Time, cancel);
        }
    }

    public async Task Run(CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(shared.Options.Heartbeat, shared.Parts.Time, cancel);
            try { await Beat(cancel); }
            catch (ApiUnavailableException away) { shared.Parts.Log($"heartbeat of node {shared.Options.Node}: {away.Message}"); }
        }
    }

    public async Task Beat(CancellationToken cancel)
    {
        await Renew(cancel);
        if (_told == Health && shared.Now - _statusAt < s_statusEvery) return;
        await Post(cancel);
    }

    /// <summary>Writes the node's status. False when the API refuses.</summary>
    public async Task<bool> Post(CancellationToken cancel)
    {
        var path = ApiNode.Resource.Path(name: shared.Options.Node);
        var answer = await shared.Parts.Api.Send(new("GET", path), cancel);
        if (answer.Status == 404)
        {
            return (await shared.Parts.Api.Send(new("POST", ApiNode.Resource.Path(), Json.Write(NodeObject.New(shared.Options, machine, shared.Now))), cancel)).Succeeded;
        }
        if (!answer.Succeeded) return false;
        var node = Json.Read<ApiNode>(answer.Body.Span);
        var health = Health;
        var next = node with { Status = NodeObject.Status(node.Status, shared.Options, machine, shared.Now, health) };
        if (!(await shared.Parts.Api.Send(new("PUT", path + "/status", Json.Write(next)), cancel)).Succeeded) return false;
        (_told, _statusAt) = (health, shared.Now);
        return true;
    }

    /// <summary>Labels that others gave the node stay.</summary>
    async Task Relabel(CancellationToken cancel)
    {
        var path = ApiNode.Resource.Path(name: shared.Options.Node);
        var answer = await shared.Parts.Api.Send(new("GET", path), cancel);
        if (!answer.Succeeded) return;
        var node = Json.Read<ApiNode>(answer.Body.Span);
        var next = node with { Metadata = node.Metadata with { Labels = NodeObject.Labels(shared.Options, node.Metadata.Labels) } };
        if (!next.Equals(node)) await shared.Parts.Api.Send(new("PUT", path, Json.Write(next)), cancel);
    }

    async Task Renew(CancellationToken cancel)
    {
        var path = Lease.Resource.Path(LeaseSpace, shared.Options.Node);
        var sent = shared.Parts.Time.GetTimestamp();
        var now = shared.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var patch = $$$"""{"spec":{"holderIdentity":"{{{shared.Options.Node}}}","leaseDurationSeconds":{{{LeaseSeconds}}},"renewTime":"{{{now}}}"}}""";
        var answer = await shared.Parts.Api.Send(new("PATCH", path, System.Text.Encoding.UTF8.GetBytes(patch), "application/merge-patch+json"), cancel);
        if (answer.Succeeded) Renewed = sent;
        if (answer.Status != 404) return;
        var lease = new Lease
        {
            Metadata = new() { Name = shared.Options.Node, Namespace = LeaseSpace },
            Spec = new() { HolderIdentity = shared.Options.Node, LeaseDurationSeconds = LeaseSeconds, RenewTime = shared.Now },
        };
        if ((await shared.Parts.Api.Send(new("POST", Lease.Resource.Path(LeaseSpace), Json.Write(lease)), cancel)).Succeeded) Renewed = sent;
    }
}
