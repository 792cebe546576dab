using Kennel.Objects.Schemas;
using Kennel.Objects.Versions;
using Kennel.Server.Answers;
using Kennel.Server.Routing;

namespace Kennel.Server;

/// <summary>A request on its way through the pipeline: what it asks, resolved once, and the warnings collected for its answer.</summary>
sealed record Call(Parts Parts, ApiRequest Request, Route Route, RequestQuery Query, Format Format)
{
    /// <summary>A kind that is stored as another one is that one from here on.</summary>
    public static Call Of(Parts parts, ApiRequest request, Route route, RequestQuery query, Format format)
    {
        if (View.Of(route.Type) is not { } view) return new Call(parts, request, route, query, format).Deprecated();
        var stored = parts.Catalog.Find(view.Stored.Group, view.Stored.Version, route.Type.Plural)!;
        return new Call(parts, request, route with { Type = stored }, query, format) { Version = route.Type, View = view };
    }

    /// <summary>Shared by every copy of the call.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>As it is stored.</summary>
    public ResourceType Type => Route.Type;

    /// <summary>As the path names it: another version of the kind than the stored one, or the same.</summary>
    public ResourceType Asked => View is null ? Route.Type : Version!;

    ResourceType? Version { get; init; }

    /// <summary>How the two differ; null when they are the same.</summary>
    public View? View { get; init; }

    /// <summary>A stored object as this client wants to see it.</summary>
    public ReadOnlyMemory<byte> Shown(ReadOnlyMemory<byte> stored) => View is null ? stored : View.Shown(stored.Span, Asked.ApiVersion);

    Call Deprecated()
    {
        if (Deprecations.Of(Type) is { } warning) Warn(warning);
        return this;
    }

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
