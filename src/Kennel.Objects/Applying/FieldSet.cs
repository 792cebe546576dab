using System.Diagnostics.CodeAnalysis;

namespace Kennel.Objects.Applying;

/// <summary>
/// A set of fields, as fieldsV1 writes it: a tree whose steps are sorted. A step may be a member itself, have members below it, or both.
/// Sets aren't changed once built; the operations give new ones and share what is the same.
/// </summary>
public sealed class FieldSet : IEquatable<FieldSet>
{
    public static readonly FieldSet Empty = new([]);

    /// <summary>Sorted, without an entry that is neither a member nor has members below it.</summary>
    readonly List<Entry> _entries;

    internal FieldSet(List<Entry> entries) => _entries = entries;

    internal readonly record struct Entry(PathElement Element, bool Member, FieldSet? Below)
    {
        public bool Nothing => !Member && (Below is null || Below.IsEmpty);
    }

    internal List<Entry> Entries => _entries;

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>How many fields.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var entry in _entries) count += (entry.Member ? 1 : 0) + (entry.Below?.Count ?? 0);
            return count;
        }
    }

    /// <summary>Adds while building: later entries of the same step join the earlier ones.</summary>
    internal void Put(PathElement element, bool member, FieldSet? below)
    {
        if (below is { IsEmpty: true }) below = null;
        if (!member && below is null) return;
        var at = _entries.Count;
        while (at > 0 && element.CompareTo(_entries[at - 1].Element) is var order && order <= 0)
        {
            at--;
            if (order != 0) continue;
            var old = _entries[at];
            _entries[at] = new(element, old.Member || member, old.Below is null ? below : below is null ? old.Below : old.Below.Union(below));
            return;
        }
        _entries.Insert(at, new(element, member, below));
    }

    public bool Has(PathElement element) => Find(element) is var at and >= 0 && _entries[at].Member;

    /// <summary>What is below a step, or null when nothing is.</summary>
    internal FieldSet? Below(PathElement element) => Find(element) is var at and >= 0 ? _entries[at].Below : null;

    int Find(PathElement element)
    {
        int low = 0, high = _entries.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = _entries[middle].Element.CompareTo(element);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }

    public FieldSet Union(FieldSet other)
    {
        if (other.IsEmpty || ReferenceEquals(this, other)) return this;
        if (IsEmpty) return other;
        var made = new List<Entry>(Math.Max(_entries.Count, other._entries.Count));
        int i = 0, j = 0;
        while (i < _entries.Count || j < other._entries.Count)
        {
            var order = i == _entries.Count ? 1 : j == other._entries.Count ? -1 : _entries[i].Element.CompareTo(other._entries[j].Element);
            if (order < 0) made.Add(_entries[i++]);
            else if (order > 0) made.Add(other._entries[j++]);
            else
            {
                var (a, b) = (_entries[i++], other._entries[j++]);
                made.Add(new(a.Element, a.Member || b.Member, a.Below is null ? b.Below : b.Below is null ? a.Below : a.Below.Union(b.Below)));
            }
        }
        return new(made);
    }

    /// <summary>The fields that are in both.</summary>
    public FieldSet Intersection(FieldSet other)
    {
        if (IsEmpty || other.IsEmpty) return Empty;
        List<Entry>? made = null;
        int i = 0, j = 0;
        while (i < _entries.Count && j < other._entries.Count)
        {
            var order = _entries[i].Element.CompareTo(other._entries[j].Element);
            if (order < 0) i++;
            else if (order > 0) j++;
            else
            {
                var (a, b) = (_entries[i++], other._entries[j++]);
                var both = new Entry(a.Element, a.Member && b.Member, a.Below is null || b.Below is null ? null : a.Below.Intersection(b.Below));
                if (!both.Nothing) (made ??= []).Add(both);
            }
        }
        return made is null ? Empty : new(made);
    }

    /// <summary>The fields that aren't in <paramref name="other"/>. Gives this very set when nothing is taken.</summary>
    public FieldSet Difference(FieldSet other)
    {
        if (IsEmpty || other.IsEmpty) return this;
        List<Entry>? made = null;
        var j = 0;
        for (var i = 0; i < _entries.Count; i++)
        {
            var entry = _entries[i];
            while (j < other._entries.Count && other._entries[j].Element.CompareTo(entry.Element) < 0) j++;
            if (j == other._entries.Count || other._entries[j].Element.CompareTo(entry.Element) != 0)
            {
                made?.Add(entry);
                continue;
            }
            var gone = other._entries[j];
            var left = new Entry(entry.Element, entry.Member && !gone.Member, entry.Below is null || gone.Below is null ? entry.Below : entry.Below.Difference(gone.Below));
            if (made is null && left.Member == entry.Member && ReferenceEquals(left.Below, entry.Below)) continue;
            made ??= _entries.GetRange(0, i);
            if (!left.Nothing) made.Add(left);
        }
        return made is null ? this : made.Count == 0 ? Empty : new(made);
    }

    /// <summary>Every field as a path for messages: <c>.spec.template.spec.containers[name="web"].image</c>, in the set's order.</summary>
    public IEnumerable<string> Paths()
    {
        foreach (var entry in _entries) if (entry.Member) yield return entry.Element.ToString();
        foreach (var entry in _entries)
            if (entry.Below is { } below)
                foreach (var path in below.Paths()) yield return entry.Element.ToString() + path;
    }

    public bool Equals([NotNullWhen(true)] FieldSet? other)
    {
        if (other is null || _entries.Count != other._entries.Count) return false;
        if (ReferenceEquals(this, other)) return true;
        for (var i = 0; i < _entries.Count; i++)
        {
            var (a, b) = (_entries[i], other._entries[i]);
            if (a.Element != b.Element || a.Member != b.Member || a.Below is null != b.Below is null || a.Below?.Equals(b.Below) == false) return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as FieldSet);

    public override int GetHashCode() => Count;

    public override string ToString() => FieldSetJson.Write(this).ToJsonString(s_plain);

    static readonly System.Text.Json.JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
