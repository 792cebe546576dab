using System.Collections.Immutable;
using Kennel.Objects.Schemas;

namespace Kennel.Cli.Waits;

/// <summary>An object as a user types it: <c>sts/web</c>, <c>statefulsets.apps/web</c>, <c>po web-0</c>.</summary>
sealed record ObjectName(ResourceType Type, string Name)
{
    /// <exception cref="Complaint">It isn't KIND/NAME, or there is no such kind.</exception>
    public static ObjectName Parse(ImmutableArray<string> words, Catalog catalog)
    {
        var parts = words.Length == 1 ? words[0].Split('/') : [.. words];
        if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0) throw new Complaint($"{string.Join(' ', words)} names no object: write KIND/NAME, for example sts/web");
        return new(Find(parts[0], catalog) ?? throw new Complaint($"the server doesn't have a resource type \"{parts[0]}\""), parts[1]);
    }

    static ResourceType? Find(string kind, Catalog catalog)
    {
        var lower = kind.ToLowerInvariant();
        return catalog.All.FirstOrDefault(t => lower == t.Plural || lower == t.Singular || lower == t.QualifiedName || t.ShortNames.Contains(lower));
    }
}
