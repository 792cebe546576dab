namespace Kennel.Client.Tests.Fake;

/// <summary>A request path taken apart.</summary>
/// <param name="Collection">Group and plural: <c>apps/statefulsets</c>, <c>/pods</c>.</param>
public sealed record FakePath(string Collection, string Namespace, string? Name, string? Subresource, IReadOnlyDictionary<string, string> Query)
{
    public static FakePath Parse(string path)
    {
        var at = path.IndexOf('?');
        var parts = (at < 0 ? path : path[..at]).Split('/', StringSplitOptions.RemoveEmptyEntries);
        var query = (at < 0 ? "" : path[(at + 1)..]).Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p.Length > 1 ? Uri.UnescapeDataString(p[1]) : "");
        var (group, rest) = parts[0] == "api" ? ("", parts[2..]) : (parts[1], parts[3..]);
        var space = "";
        if (rest is ["namespaces", _, _, ..]) (space, rest) = (rest[1], rest[2..]);
        return new($"{group}/{rest[0]}", space, rest.ElementAtOrDefault(1), rest.ElementAtOrDefault(2), query);
    }

    public string Value(string name) => Query.GetValueOrDefault(name, "");
}
