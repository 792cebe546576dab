using System.Collections.Immutable;
using System.Text.Json;

namespace Kennel.Objects.Schemas;

/// <summary>Every kind that is known, by path and by kind. The built-in ones come from the facts; others are added to a copy.</summary>
public sealed class Catalog
{
    static readonly Lazy<Catalog> s_builtIn = new(Load);

    readonly Dictionary<(string, string, string), ResourceType> _byPath = [];
    readonly Dictionary<(string, string, string), ResourceType> _byKind = [];
    readonly SchemaReader _schemas;

    public static Catalog BuiltIn => s_builtIn.Value;

    /// <summary>In discovery's order.</summary>
    public ImmutableArray<ResourceType> All { get; }

    Catalog(SchemaReader schemas, IEnumerable<ResourceType> types)
    {
        _schemas = schemas;
        All = [.. types];
        foreach (var type in All)
        {
            _byPath[(type.Group, type.Version, type.Plural)] = type;
            _byKind[(type.Group, type.Version, type.Kind)] = type;
        }
    }

    public ResourceType? Find(string group, string version, string plural) => _byPath.GetValueOrDefault((group, version, plural));

    public ResourceType? OfKind(string group, string version, string kind) => _byKind.GetValueOrDefault((group, version, kind));

    /// <summary>A definition by its name in the facts, for kinds without a path of their own: <c>io.k8s.api.autoscaling.v1.Scale</c>.</summary>
    public Schema Definition(string id) => _schemas.Definition(id);

    /// <inheritdoc cref="Definition"/>
    public Schema? FindDefinition(string id) => _schemas.Knows(id) ? _schemas.Definition(id) : null;

    /// <summary>The schema of any group, version and kind in the facts (Scale, DeleteOptions, Eviction), or null.</summary>
    public Schema? SchemaOf(string group, string version, string kind) => OfKind(group, version, kind)?.Schema ?? _schemas.OfKind(group, version, kind);

    static Catalog Load()
    {
        var schemas = new SchemaReader(Facts.Read("types.json"));
        using var discovery = JsonDocument.Parse(Facts.Read("discovery.json"));
        return new Catalog(schemas, DiscoveryReader.Read(discovery.RootElement, schemas).ToList());
    }
}
