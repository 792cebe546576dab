namespace Kennel.Controllers.Tests.Model.Check;

/// <summary>What the oracle looks at: plain values, none of the product's types.</summary>
/// <param name="Refused">Under OrderedReady, the pod whose creation was refused the last time.</param>
sealed record World(Set Set, List<OnePod> Pods, List<OneClaim> Claims, List<OneRevision> Revisions, string? Refused, DateTimeOffset Now);

/// <param name="Rolling">Whether <c>rollingUpdate</c> is there at all.</param>
/// <param name="MaxUnavailable"><c>2</c>, <c>30%</c>, or null.</param>
/// <param name="Templates">Names of the claim templates, each once.</param>
/// <param name="Template">Stands for the whole pod template.</param>
sealed record Set(
    string Name, string Uid, long Generation, bool Deleting, int Replicas, int Start, bool Parallel, string Strategy, bool Rolling, int Partition, string? MaxUnavailable,
    int MinReadySeconds, int HistoryLimit, bool WhenDeleted, bool WhenScaled, List<string> Templates, Dictionary<string, string> Selector, string Template, Status? Status);

sealed record Status(
    long Observed, int Replicas, int Ready, int Available, int Current, int Updated, string? CurrentRevision, string? UpdateRevision, string Condition);

/// <param name="Revision">The template that its revision label stands for.</param>
/// <param name="Uses">Volume name → claim name.</param>
sealed record OnePod(
    string Name, string Uid, string? Controller, Dictionary<string, string> Labels, string? Revision, string Phase, DateTimeOffset? ReadySince, bool Terminating, Dictionary<string, string> Uses);

sealed record OneClaim(string Name, bool Terminating, List<Owner> Owners);

sealed record Owner(string Kind, string Name, string Uid, bool Controller)
{
    public override string ToString() => $"{Kind} {Name} {Uid}{(Controller ? " controller" : "")}";
}

sealed record OneRevision(string Name, string? Controller, Dictionary<string, string> Labels, long Number, DateTimeOffset Created, string Template);
