using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;

namespace Kennel.Controllers.Nodes;

/// <summary>Before a pod is forced away: its node really isn't there. At most one pod of an identity may live, and a cache may lag.</summary>
public sealed record NodeGone(string Node) : Step.Own
{
    public override async ValueTask<string?> Apply(IApi api, CancellationToken cancel)
    {
        var answer = await api.Send(new("GET", Kennel.Objects.Core.Node.Resource.Path(name: Node)), cancel);
        return answer.Status == 404 ? null : answer.Succeeded ? $"node {Node} is there after all" : $"node {Node} could not be read: status {answer.Status}";
    }
}

/// <summary>Before a pod is forced away: its node really is out of service, and hasn't come back since.</summary>
public sealed record NodeOutOfService(string Node) : Step.Own
{
    public override async ValueTask<string?> Apply(IApi api, CancellationToken cancel)
    {
        var answer = await api.Send(new("GET", Kennel.Objects.Core.Node.Resource.Path(name: Node)), cancel);
        if (!answer.Succeeded) return $"node {Node} could not be read: status {answer.Status}";
        var node = Json.Read<Kennel.Objects.Core.Node>(answer.Body.Span);
        return Collect.IsReady(node) ? $"node {Node} is Ready again" : Collect.IsOutOfService(node) ? null : $"node {Node} isn't out of service any more";
    }
}
