using System.Text.Json.Nodes;
using Kennel.Server.Writing;

namespace Kennel.Server.Access.Roles;

/// <summary>What a role allows: verbs on resources of groups (of these names only, if there are any), or on paths.</summary>
sealed record Rule(IReadOnlyList<string> Verbs, IReadOnlyList<string> Groups, IReadOnlyList<string> Resources, IReadOnlyList<string> Names, IReadOnlyList<string> Paths)
{
    const string Any = "*";

    public static Rule Read(JsonObject o) => new([.. o.Texts("verbs")], [.. o.Texts("apiGroups")], [.. o.Texts("resources")], [.. o.Texts("resourceNames")], [.. o.Texts("nonResourceURLs")]);

    public bool Allows(in Ask ask) => Has(Verbs, ask.Verb) && (ask.Path is { } path
        ? Paths.Any(p => CoversPath(p, path))
        : Has(Groups, ask.Group) && HasResource(ask.Resource, ask.Subresource) && (Names.Count == 0 || Names.Contains(ask.Name)));

    /// <summary>Whether whoever has this rule has the other one too. The other one must be a single verb on a single thing: see <see cref="Singles"/>.</summary>
    public bool Covers(Rule single) => Has(Verbs, single.Verbs[0]) && (single.Paths.Count > 0
        ? Paths.Any(p => CoversPath(p, single.Paths[0]))
        : Has(Groups, single.Groups[0]) && HasCombined(single.Resources[0]) && (Names.Count == 0 || single.Names.Count > 0 && Names.Contains(single.Names[0])));

    /// <summary>The rule taken apart.</summary>
    public IEnumerable<Rule> Singles()
    {
        foreach (var group in Groups)
            foreach (var resource in Resources)
                foreach (var verb in Verbs)
                {
                    if (Names.Count == 0) yield return new([verb], [group], [resource], [], []);
                    foreach (var name in Names) yield return new([verb], [group], [resource], [name], []);
                }
        foreach (var path in Paths)
            foreach (var verb in Verbs)
                yield return new([verb], [], [], [], [path]);
    }

    public JsonObject ToJson()
    {
        var o = new JsonObject();
        void Add(string name, IReadOnlyList<string> texts)
        {
            if (texts.Count > 0) o[name] = new JsonArray([.. texts.Select(t => (JsonNode)t)]);
        }
        Add("verbs", Verbs);
        Add("apiGroups", Groups);
        Add("resources", Resources);
        Add("resourceNames", Names);
        Add("nonResourceURLs", Paths);
        return o;
    }

    /// <summary>As upstream writes a rule that somebody lacks.</summary>
    public override string ToString()
    {
        static string? Part(string name, IReadOnlyList<string> texts) => texts.Count == 0 ? null : $"{name}:[{string.Join(' ', texts.Select(t => $"\"{t}\""))}]";
        string?[] parts = [Part("APIGroups", Groups), Part("Resources", Resources), Part("NonResourceURLs", Paths), Part("ResourceNames", Names), Part("Verbs", Verbs)];
        return $"{{{string.Join(", ", parts.OfType<string>())}}}";
    }

    static bool Has(IReadOnlyList<string> texts, string text)
    {
        foreach (var t in texts) if (t == Any || t == text) return true;
        return false;
    }

    bool HasResource(string resource, string subresource)
    {
        foreach (var r in Resources)
        {
            if (r == Any) return true;
            if (subresource.Length == 0) { if (r == resource) return true; }
            else if (r.EndsWith(subresource, StringComparison.Ordinal) && r.Length > subresource.Length && r[^(subresource.Length + 1)] == '/'
                && r.AsSpan(0, r.Length - subresource.Length - 1) is var head && (head.SequenceEqual(Any) || head.SequenceEqual(resource))) return true;
        }
        return false;
    }

    bool HasCombined(string combined)
    {
        if (Has(Resources, combined)) return true;
        var slash = combined.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && Resources.Contains($"{Any}{combined[slash..]}");
    }

    static bool CoversPath(string pattern, string path) =>
        pattern == Any || pattern == path || pattern.EndsWith('*') && path.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal);
}
