using System.Text.Json;
using Kennel.Objects.Meta;

namespace Kennel.Objects;

/// <summary>A typed piece of an object: read from and written to JSON without reflection, equal by value.</summary>
public interface IDocument
{
    void Write(Utf8JsonWriter writer);
}

/// <inheritdoc cref="IDocument"/>
public interface IDocument<TSelf> : IDocument where TSelf : IDocument<TSelf>
{
    /// <summary>Reads one value; unknown fields are passed over, null is the empty document.</summary>
    static abstract TSelf Read(ref Utf8JsonReader reader);
}

/// <summary>A typed object with a name: a Pod, a StatefulSet. <c>apiVersion</c> and <c>kind</c> follow from its type.</summary>
public interface IObject : IDocument
{
    ObjectMeta Metadata { get; }

    ResourceId Resource { get; }

    /// <summary>The same object with other metadata.</summary>
    IObject With(ObjectMeta metadata);
}

/// <inheritdoc cref="IObject"/>
public interface IObject<TSelf> : IObject, IDocument<TSelf> where TSelf : IObject<TSelf>
{
    static abstract new ResourceId Resource { get; }
}

/// <summary>Where a kind is found: <c>apps/v1 statefulsets</c>. <c>Plural</c> is empty for kinds without a path (options, lists).</summary>
public sealed record ResourceId(string Group, string Version, string Plural, string Kind, bool Namespaced)
{
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The path of a collection, or of one object when <paramref name="name"/> is given: <c>/apis/apps/v1/namespaces/default/statefulsets/web</c>.</summary>
    public string Path(string? space = null, string? name = null)
    {
        var root = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        var within = Namespaced && !string.IsNullOrEmpty(space) ? $"/namespaces/{space}" : "";
        return $"{root}{within}/{Plural}{(name is null ? "" : "/" + name)}";
    }

    public override string ToString() => $"{ApiVersion} {Plural}";
}

/// <summary>The key of an object among those of its kind; <c>Namespace</c> is empty for cluster-wide kinds.</summary>
public readonly record struct ObjectKey(string Namespace, string Name) : IComparable<ObjectKey>
{
    public static ObjectKey Of(IObject o) => new(o.Metadata.Namespace ?? "", o.Metadata.Name ?? "");

    public int CompareTo(ObjectKey other) =>
        string.CompareOrdinal(Namespace, other.Namespace) is var n and not 0 ? n : string.CompareOrdinal(Name, other.Name);

    public static bool operator <(ObjectKey left, ObjectKey right) => left.CompareTo(right) < 0;

    public static bool operator >(ObjectKey left, ObjectKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(ObjectKey left, ObjectKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ObjectKey left, ObjectKey right) => left.CompareTo(right) >= 0;

    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
