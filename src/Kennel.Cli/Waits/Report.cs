using System.Text.Json.Nodes;
using Kennel.Objects.Tables;

namespace Kennel.Cli.Waits;

/// <summary>Standings as lines for people, and as JSON for programs.</summary>
static class Report
{
    /// <summary>Of a set of a thousand the first are enough to see why.</summary>
    const int Shown = 10;

    public static IEnumerable<string> Lines(Standing standing, DateTimeOffset now)
    {
        foreach (var line in Lines(standing, now, "")) yield return line;
        if (!standing.IsWaiting) yield return "  waits for nothing";
    }

    static IEnumerable<string> Lines(Standing standing, DateTimeOffset now, string indent)
    {
        yield return $"{indent}{standing.Kind} {standing.Key}{(standing.State.Length > 0 ? ": " + standing.State : "")}";
        foreach (var wait in standing.Waits) yield return $"{indent}  {Line(wait, now)}";
        foreach (var below in standing.Below.Take(Shown))
            foreach (var line in Lines(below, now, indent + "  ")) yield return line;
        if (standing.Below.Length > Shown) yield return $"{indent}  and {standing.Below.Length - Shown} more";
    }

    /// <summary><c>waiting for web-1 to become Ready (20s, says statefulset-controller)</c></summary>
    public static string Line(Wait wait, DateTimeOffset now)
    {
        var again = wait.RetryAt is { } at && at > now ? $", next try in {Durations.Text(at - now)}" : "";
        var failures = wait.Failures > 1 ? $", {wait.Failures} failures in a row" : "";
        return $"waiting for {wait.For} ({Durations.Ago(wait.Since, now)}{again}{failures}, says {wait.By})";
    }

    /// <summary>The same without an object that it belongs to: names it.</summary>
    public static string Named(Wait wait, DateTimeOffset now) => $"{(wait.Resource.Length > 0 ? wait.Resource + " " : "")}{wait.Key}: {Line(wait, now)}";

    public static JsonObject Json(Standing standing) => new()
    {
        ["kind"] = standing.Kind,
        ["namespace"] = standing.Key.Namespace,
        ["name"] = standing.Key.Name,
        ["state"] = standing.State,
        ["waiting"] = new JsonArray([.. standing.Waits.Select(w => (JsonNode)WaitingDocument.Of(w))]),
        ["below"] = new JsonArray([.. standing.Below.Select(b => (JsonNode)Json(b))]),
    };
}
