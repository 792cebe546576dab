using System.Globalization;
using System.Text.Json.Nodes;

namespace Kennel.Objects.Applying;

/// <summary>In upstream's order.</summary>
public enum PathKind : byte { Field, Key, Value, Index }

/// <summary>
/// One step to a field: a name (<c>f:spec</c>), the item of a list with certain keys (<c>k:{"name":"web"}</c>), the item of a set (<c>v:"a"</c>) or a position (<c>i:0</c>).
/// </summary>
public readonly struct PathElement : IComparable<PathElement>, IEquatable<PathElement>
{
    /// <summary>For keys: names and values in the order of the names. For values: one without a name.</summary>
    readonly (string Name, Scalar Value)[]? _parts;

    PathElement(PathKind kind, string text, (string, Scalar)[]? parts) => (Kind, Text, _parts) = (kind, text, parts);

    public PathKind Kind { get; }

    /// <summary>The name of a field; the JSON of keys or of a value; the digits of a position.</summary>
    public string Text { get; }

    public static PathElement Field(string name) => new(PathKind.Field, name, null);

    public static PathElement Index(int at) => new(PathKind.Index, at.ToString(CultureInfo.InvariantCulture), [("", Scalar.Of(at))]);

    public static PathElement Value(JsonNode? value) => Value(Scalar.Of(value));

    static PathElement Value(Scalar value) => new(PathKind.Value, value.Json, [("", value)]);

    /// <param name="parts">In the order of their names; at least one.</param>
    internal static PathElement Key((string Name, Scalar Value)[] parts)
    {
        var text = new System.Text.StringBuilder(32).Append('{');
        for (var i = 0; i < parts.Length; i++) text.Append(i == 0 ? "" : ",").Append(Scalar.Quoted(parts[i].Name)).Append(':').Append(parts[i].Value.Json);
        return new(PathKind.Key, text.Append('}').ToString(), parts);
    }

    /// <summary>From the name it has in fieldsV1: <c>f:spec</c>; null when that is no step.</summary>
    public static PathElement? Parse(string name)
    {
        if (name.Length < 2 || name[1] != ':') return null;
        var rest = name[2..];
        if (name[0] == 'f') return Field(rest);
        if (name[0] == 'i') return int.TryParse(rest, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var at) ? Index(at) : null;
        if (name[0] is not ('k' or 'v')) return null;
        return name[0] == 'v' ? Scalar.Parse(rest) is { } value ? Value(value) : null : Scalar.ParseKeys(rest) is { } keys ? Key(keys) : null;
    }

    /// <summary>As in fieldsV1.</summary>
    public string Name => Kind switch { PathKind.Field => "f:", PathKind.Key => "k:", PathKind.Value => "v:", _ => "i:" } + Text;

    public int CompareTo(PathElement other)
    {
        if (Kind != other.Kind) return Kind.CompareTo(other.Kind);
        if (Kind == PathKind.Field) return string.CompareOrdinal(Text, other.Text);
        var (a, b) = (_parts!, other._parts!);
        for (var i = 0; i < a.Length && i < b.Length; i++)
        {
            if (string.CompareOrdinal(a[i].Name, b[i].Name) is var name and not 0) return name;
            if (a[i].Value.CompareTo(b[i].Value) is var value and not 0) return value;
        }
        return a.Length.CompareTo(b.Length);
    }

    public bool Equals(PathElement other) => Kind == other.Kind && Text == other.Text;

    public override bool Equals(object? obj) => obj is PathElement other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Kind, Text);

    public static bool operator ==(PathElement left, PathElement right) => left.Equals(right);

    public static bool operator !=(PathElement left, PathElement right) => !left.Equals(right);

    /// <summary>As messages show it: <c>.spec</c>, <c>[name="web"]</c>, <c>[="a"]</c>, <c>[0]</c>.</summary>
    public override string ToString() => Kind switch
    {
        PathKind.Field => "." + Text,
        PathKind.Key => $"[{string.Join(',', _parts!.Select(p => $"{p.Name}={p.Value.Json}"))}]",
        PathKind.Value => $"[={Text}]",
        _ => $"[{Text}]",
    };
}
