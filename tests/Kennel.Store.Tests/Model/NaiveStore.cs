namespace Kennel.Store.Tests.Model;

/// <summary>The contract in its plainest form: a whole sorted dictionary for every revision, and a list of all changes.</summary>
internal sealed class NaiveStore
{
    private readonly List<SortedDictionary<string, string>> _states = [new(StringComparer.Ordinal)];
    private readonly List<string> _keysOfChanges = [];
    private readonly Dictionary<string, long> _modified = [];

    /// <summary>Revision 1 is the empty store.</summary>
    public long Revision => _states.Count;

    public long Compacted { get; private set; } = 1;

    public long Modified(string key) => _modified.GetValueOrDefault(key);

    public bool Write(string key, long expected, string? value)
    {
        if (Modified(key) != expected || (value is null && expected == 0)) return false;
        var next = new SortedDictionary<string, string>(_states[^1], StringComparer.Ordinal);
        if (value is null) next.Remove(key);
        else next[key] = value + (Revision + 1);
        _states.Add(next);
        _keysOfChanges.Add(key);
        if (value is null) _modified.Remove(key);
        else _modified[key] = Revision;
        return true;
    }

    public void Compact(long revision) => Compacted = Math.Max(Compacted, revision);

    public string Range(string prefix, long revision, string? after, int limit)
    {
        if (revision < Compacted) return "compacted";
        var found = _states[(int)revision - 1].Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Where(pair => after is null || string.CompareOrdinal(pair.Key, after) > 0).ToList();
        var taken = limit == 0 ? found : found.Take(limit).ToList();
        return $"{string.Join(' ', taken.Select(pair => $"{pair.Key}={pair.Value}"))} +{found.Count - taken.Count}";
    }

    public string Watch(string prefix, long after)
    {
        if (after + 1 < Compacted) return "compacted";
        var seen = new List<string>();
        for (var revision = after + 1; revision <= Revision; revision++)
        {
            var key = revision == 1 ? null : _keysOfChanges[(int)revision - 2];
            if (key is null || !key.StartsWith(prefix, StringComparison.Ordinal)) continue;
            var previous = _states[(int)revision - 2].GetValueOrDefault(key);
            var now = _states[(int)revision - 1].GetValueOrDefault(key);
            seen.Add($"{key}:{previous ?? "nothing"}>{now ?? "nothing"}");
        }

        return string.Join(' ', seen);
    }
}
