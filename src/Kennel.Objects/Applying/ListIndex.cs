using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Applying;

/// <summary>The items of a list by their steps. Lists of objects are short: they are searched one by one up to a size, then by a dictionary.</summary>
readonly struct ListIndex
{
    const int Short = 8;

    readonly JsonArray? _list;
    readonly PathElement[] _elements;
    readonly Dictionary<PathElement, int>? _first;

    ListIndex(JsonArray? list, PathElement[] elements, Dictionary<PathElement, int>? first) => (_list, _elements, _first) = (list, elements, first);

    public int Count => _elements.Length;

    public static ListIndex Of(JsonArray? list, Schema schema)
    {
        if (list is null || list.Count == 0) return new(null, [], null);
        var elements = new PathElement[list.Count];
        var first = list.Count > Short ? new Dictionary<PathElement, int>(list.Count) : null;
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = Shapes.Item(list[i], schema, i);
            first?.TryAdd(elements[i], i);
        }
        return new(list, elements, first);
    }

    public PathElement Element(int at) => _elements[at];

    public JsonNode? Item(int at) => _list![at];

    /// <summary>Where the first item of a step is, or -1.</summary>
    public int Find(PathElement element)
    {
        if (_first is not null) return _first.TryGetValue(element, out var at) ? at : -1;
        for (var i = 0; i < _elements.Length; i++) if (_elements[i] == element) return i;
        return -1;
    }

    /// <summary>Whether the same step stands earlier in the list.</summary>
    public bool IsLater(int at) => Find(_elements[at]) < at;

    public List<JsonNode?> All(PathElement element)
    {
        var first = Find(element);
        if (first < 0) return [];
        var all = new List<JsonNode?>(1) { _list![first] };
        if (_first?.Count == _elements.Length) return all;
        for (var i = first + 1; i < _elements.Length; i++) if (_elements[i] == element) all.Add(_list[i]);
        return all;
    }
}
