using System.Text.Json.Nodes;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission.Security;

/// <summary>One standard that a pod doesn't keep: <c>privileged (container "main" must not set securityContext.privileged=true)</c>.</summary>
sealed record Violation(string Reason, string Detail)
{
    public override string ToString() => $"{Reason} ({Detail})";
}

/// <summary>Words of violations, as upstream puts them.</summary>
static class Say
{
    public static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"\"{n}\""));

    public static string Plural(string one, string many, int count) => count == 1 ? one : many;

    /// <summary><c>containers "a", "b"</c>.</summary>
    public static string Containers(IReadOnlyCollection<string> names) => $"{Plural("container", "containers", names.Count)} {Quoted(names)}";
}

/// <summary>A pod as the standards look at it.</summary>
sealed class Examined(JsonObject? metadata, JsonObject? spec)
{
    public JsonObject? Annotations { get; } = metadata.Object("annotations");

    public JsonObject? Spec { get; } = spec;

    public JsonObject? Context { get; } = spec.Object("securityContext");

    /// <summary>All containers, whenever they run.</summary>
    public IReadOnlyList<JsonObject> Containers { get; } = [.. spec.Objects("initContainers"), .. spec.Objects("containers"), .. spec.Objects("ephemeralContainers")];

    public bool OnWindows { get; } = spec.Object("os").Text("name") == "windows";

    /// <summary>Its users aren't the node's: what counts as root inside is nobody outside.</summary>
    public bool OwnUsers { get; } = False(spec?["hostUsers"]);

    public List<string> Where(Func<JsonObject, bool> bad) => [.. Containers.Where(bad).Select(c => c.Text("name"))];

    /// <summary>Who sets something in a security context: <c>pod and container "a"</c>; empty when nobody does.</summary>
    public string Setters(Func<JsonObject, bool> bad)
    {
        var setters = new List<string>();
        if (Context is not null && bad(Context)) setters.Add("pod");
        var containers = Where(c => c.Object("securityContext") is { } context && bad(context));
        if (containers.Count > 0) setters.Add(Say.Containers(containers));
        return string.Join(" and ", setters);
    }

    public static bool True(JsonNode? node) => node is JsonValue v && v.TryGetValue<bool>(out var b) && b;

    public static bool False(JsonNode? node) => node is JsonValue v && v.TryGetValue<bool>(out var b) && !b;
}
