using Kennel.Objects.Schemas;
using Kennel.Server.Answers;
using Kennel.Server.Routing;

namespace Kennel.Server;

/// <summary>A request on its way through the pipeline: what it asks, resolved once, and the warnings collected for its answer.</summary>
sealed record Call(Parts Parts, ApiRequest Request, Route Route, RequestQuery Query, Format Format)
{
    /// <summary>Shared by every copy of the call.</summary>
    public List<string> Warnings { get; } = [];

    public ResourceType Type => Route.Type;

    /// <summary>Says something once, however often the change is tried.</summary>
    public void Warn(string warning)
    {
        if (!Warnings.Contains(warning)) Warnings.Add(warning);
    }

    public bool DryRun => Query.Has("dryRun");

    public string Now => Objects.Wire.Time(Parts.Time.GetUtcNow());

    /// <summary>Who owns the fields that are written: as named, or the first word of the user agent.</summary>
    public string Manager => Query["fieldManager"] is { Length: > 0 } named ? named : Agent(Request.UserAgent);

    static string Agent(string? agent)
    {
        if (string.IsNullOrEmpty(agent)) return "unknown";
        var name = agent.Split('/', 2)[0];
        return name.Length > 128 ? name[..128] : name;
    }
}
