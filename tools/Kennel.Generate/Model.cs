using System.Text.Json;

namespace Kennel.Generate;

/// <summary>How a property is read, written and compared.</summary>
public enum Shape { String, Time, MicroTime, Int, Long, Double, Bool, IntOrString, Raw, Object, List, Map }

/// <summary>A type as a property uses it: its shape, and what a list or a map holds.</summary>
public sealed record Use(Shape Shape, string Type, Use? Item = null);

public sealed record Property(string Json, string Name, Use Use, bool Required);

/// <summary>One record to write. <c>Resource</c> is there for kinds that have a path of their own.</summary>
public sealed record Definition(string Id, string Namespace, string Name, IReadOnlyList<Property> Properties, Resource? Resource)
{
    public string FullName => $"global::{Namespace}.{Name}";
}

public sealed record Resource(string Group, string Version, string Kind, string Plural, bool Namespaced);

/// <summary>The closure of the roots over the facts.</summary>
public sealed class Model
{
    const string Machinery = "io.k8s.apimachinery.pkg.";

    readonly SortedDictionary<string, Definition> _definitions = new(StringComparer.Ordinal);
    readonly JsonElement _types;
    readonly Dictionary<(string, string, string), Resource> _resources;

    public IEnumerable<Definition> Definitions => _definitions.Values;

    Model(JsonElement types, JsonElement discovery)
    {
        _types = types;
        _resources = Resources(discovery).ToDictionary(r => (r.Group, r.Version, r.Kind));
    }

    public static Model Load(JsonElement types, JsonElement discovery, IEnumerable<string> roots)
    {
        var model = new Model(types, discovery);
        foreach (var root in roots) model.Add(root);
        return model;
    }

    static IEnumerable<Resource> Resources(JsonElement discovery)
    {
        foreach (var group in discovery.GetProperty("items").EnumerateArray())
        foreach (var version in group.GetProperty("versions").EnumerateArray())
        foreach (var resource in version.GetProperty("resources").EnumerateArray())
            yield return new Resource(
                group.GetProperty("metadata").TryGetProperty("name", out var name) ? name.GetString()! : "",
                version.GetProperty("version").GetString()!,
                resource.GetProperty("responseKind").GetProperty("kind").GetString()!,
                resource.GetProperty("resource").GetString()!,
                resource.GetProperty("scope").GetString() == "Namespaced");
    }

    void Add(string id)
    {
        if (_definitions.ContainsKey(id)) return;
        var (space, name) = Names(id);
        _definitions[id] = new Definition(id, space, name, [], null); // holds the place while its properties refer back
        var type = _types.GetProperty(id);
        var required = type.TryGetProperty("required", out var list) ? list.EnumerateArray().Select(e => e.GetString()).ToHashSet() : [];
        var properties = type.GetProperty("properties").EnumerateObject()
            .Select(p => new Property(p.Name, PropertyName(p.Name, name), UseOf(p.Value), required.Contains(p.Name) || p.Name == "metadata")).ToList();
        _definitions[id] = new Definition(id, space, name, properties, ResourceOf(type));
    }

    Resource? ResourceOf(JsonElement type)
    {
        if (!type.TryGetProperty("x-kubernetes-group-version-kind", out var kinds) || kinds.GetArrayLength() != 1) return null;
        var kind = kinds[0];
        var key = (kind.GetProperty("group").GetString()!, kind.GetProperty("version").GetString()!, kind.GetProperty("kind").GetString()!);
        return _resources.TryGetValue(key, out var found) ? found
            : type.GetProperty("properties").TryGetProperty("metadata", out var meta) && meta.TryGetProperty("$ref", out var reference) && reference.GetString()!.EndsWith("ObjectMeta", StringComparison.Ordinal)
            ? new Resource(key.Item1, key.Item2, key.Item3, "", true) : null;
    }

    Use UseOf(JsonElement property)
    {
        if (property.TryGetProperty("$ref", out var reference)) return Referred(reference.GetString()!["#/definitions/".Length..]);
        if (property.TryGetProperty("allOf", out var all)) return UseOf(all[0]);
        var format = property.TryGetProperty("format", out var f) ? f.GetString() : null;
        return property.GetProperty("type").GetString() switch
        {
            "string" when format == "date-time" => new Use(Shape.Time, "global::System.DateTimeOffset"),
            "string" => new Use(Shape.String, "string"),
            "integer" when format == "int32" => new Use(Shape.Int, "int"),
            "integer" => new Use(Shape.Long, "long"),
            "number" => new Use(Shape.Double, "double"),
            "boolean" => new Use(Shape.Bool, "bool"),
            "array" => Of(Shape.List, "IReadOnlyList<{0}>", UseOf(property.GetProperty("items"))),
            "object" when property.TryGetProperty("additionalProperties", out var values) && values.ValueKind == JsonValueKind.Object
                => Of(Shape.Map, "IReadOnlyDictionary<string, {0}>", UseOf(values)),
            _ => new Use(Shape.Raw, "global::Kennel.Objects.RawJson"),
        };
    }

    static Use Of(Shape shape, string pattern, Use item) => new(shape, string.Format(pattern, item.Type), item);

    Use Referred(string id)
    {
        if (id.EndsWith(".MicroTime", StringComparison.Ordinal)) return new Use(Shape.MicroTime, "global::System.DateTimeOffset");
        if (id.EndsWith(".IntOrString", StringComparison.Ordinal)) return new Use(Shape.IntOrString, "global::Kennel.Objects.IntOrString");
        var type = _types.GetProperty(id);
        if (!type.TryGetProperty("properties", out _)) return UseOf(type);
        Add(id);
        var (space, name) = Names(id);
        return new Use(Shape.Object, $"global::{space}.{name}");
    }

    static (string Namespace, string Name) Names(string id)
    {
        var parts = id.Split('.');
        var (group, version, name) = (parts[^3], parts[^2], parts[^1]);
        if (id.StartsWith(Machinery, StringComparison.Ordinal)) (group, version) = ("meta", "v1");
        return ($"Kennel.Objects.{Pascal(group)}{(version == "v1" ? "" : Pascal(version))}", name);
    }

    static string PropertyName(string json, string type) => Pascal(json.TrimStart('$')) is var name && name == type ? name + "Value" : name;

    static string Pascal(string s) => char.ToUpperInvariant(s[0]) + s[1..].Replace("-", "", StringComparison.Ordinal);
}
