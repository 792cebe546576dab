namespace Kennel.Objects.Schemas;

public enum SchemaType { Object, Map, List, String, Integer, Number, Boolean, IntOrString, Any }

public enum ListType { Atomic, Set, Map }

/// <summary>
/// What a value may be: the one description of a type that decoding, defaulting, validation, patching, tables and OpenAPI walk.
/// Immutable once the catalog is loaded; types refer to each other, so the tree may have cycles (JSONSchemaProps).
/// </summary>
public sealed class Schema
{
    /// <summary>The definition's name (<c>io.k8s.api.core.v1.Pod</c>), or null for an inline type.</summary>
    public string? Id { get; internal set; }

    public SchemaType Type { get; internal set; }

    /// <summary>int32, int64, double, byte, date-time, quantity; null otherwise.</summary>
    public string? Format { get; internal set; }

    /// <summary>Fields of an object in the facts' order; empty for others.</summary>
    public IReadOnlyDictionary<string, Schema> Properties { get; internal set; } = new Dictionary<string, Schema>();

    public IReadOnlyList<string> Required { get; internal set; } = [];

    /// <summary>What a list holds.</summary>
    public Schema? Items { get; internal set; }

    /// <summary>What a map holds.</summary>
    public Schema? Values { get; internal set; }

    /// <summary>For server-side apply: how a list merges.</summary>
    public ListType ListType { get; internal set; }

    /// <summary>The fields that identify an item of a map list.</summary>
    public IReadOnlyList<string> ListMapKeys { get; internal set; } = [];

    /// <summary>A map or object that server-side apply owns as a whole.</summary>
    public bool Atomic { get; internal set; }

    /// <summary>For strategic merge: the field that identifies an item; null when the list is replaced or is of scalars.</summary>
    public string? PatchMergeKey { get; internal set; }

    /// <summary>Strategic merge joins the list (or merges the map) and doesn't replace it.</summary>
    public bool PatchMerge { get; internal set; }

    /// <summary>Strategic merge replaces the object as a whole.</summary>
    public bool PatchReplace { get; internal set; }

    /// <summary>Strategic merge with the retainKeys strategy.</summary>
    public bool PatchRetainKeys { get; internal set; }

    /// <summary>Unknown fields are kept (raw extensions, custom resources that say so).</summary>
    public bool PreserveUnknown { get; internal set; }

    /// <summary>The schema of a field by its JSON name; null when there is no such field.</summary>
    public Schema? this[string field] => Type == SchemaType.Map ? Values : Properties.GetValueOrDefault(field);

    public bool IsScalar => Type is not (SchemaType.Object or SchemaType.Map or SchemaType.List or SchemaType.Any);

    public override string ToString() => Id ?? Type.ToString();
}
