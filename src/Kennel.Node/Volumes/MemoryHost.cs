namespace Kennel.Node.Volumes;

/// <summary>
/// A machine in memory, for simulated nodes and tests. What nobody wrote is there as an empty folder when
/// <paramref name="assumed"/> is Folder, so that a simulated pod finds its hostPath.
/// </summary>
public sealed class MemoryHost(PathKind assumed = PathKind.Missing) : IHost
{
    sealed record Entry(PathKind Kind, byte[]? Content = null, string? Target = null, int Mode = 0b111_101_101, long Group = 0);

    readonly Lock _lock = new();
    readonly Entries _entries = new();
    readonly SortedSet<string> _mounts = new(StringComparer.Ordinal);

    public PathKind Kind(string path) { lock (_lock) return Find(path)?.Kind ?? assumed; }

    public string? RealPath(string path) => Kind(path) is PathKind.Missing ? null : path;

    public void MakeFolder(string path, int mode) { lock (_lock) _entries.TryAdd(path, new(PathKind.Folder, Mode: mode)); }

    public void WriteFile(string path, ReadOnlySpan<byte> content, int mode)
    {
        var copy = content.ToArray();
        lock (_lock) _entries[path] = new(PathKind.File, copy, Mode: mode);
    }

    public byte[]? ReadTail(string path, int limit) { lock (_lock) return Find(path)?.Content is { } c ? c[^Math.Min(limit, c.Length)..] : null; }

    public void Link(string path, string target) { lock (_lock) _entries[path] = new(PathKind.Other, Target: target); }

    public string? LinkTarget(string path) { lock (_lock) return _entries.GetValueOrDefault(path)?.Target; }

    public IReadOnlyList<string> List(string folder)
    {
        lock (_lock) return [.. Below(folder).Select(p => p[(folder.Length + 1)..]).Where(name => !name.Contains('/'))];
    }

    public void Remove(string path)
    {
        lock (_lock)
        {
            foreach (var below in Below(path)) _entries.Remove(below);
            _entries.Remove(path);
        }
    }

    public bool RemoveEmptyFolder(string path) { lock (_lock) return Below(path).Count == 0 && _entries.Remove(path); }

    public void SetOwner(string path, long user, long group) { lock (_lock) if (_entries.TryGetValue(path, out var e) && group >= 0) _entries[path] = e with { Group = group }; }

    public void SetMode(string path, int mode) { lock (_lock) if (_entries.TryGetValue(path, out var e)) _entries[path] = e with { Mode = mode }; }

    public int Mode(string path) { lock (_lock) return _entries.GetValueOrDefault(path)?.Mode ?? 0; }

    public long Group(string path) { lock (_lock) return _entries.GetValueOrDefault(path)?.Group ?? 0; }

    public void MountMemory(string target, string options) { lock (_lock) _mounts.Add(target); }

    public void Unmount(string target) { lock (_lock) _mounts.Remove(target); }

    public Pressure.DiskSpace? Disk(string path) => null;

    public long UsedBytes(string path)
    {
        lock (_lock) return Below(path).Append(path).Sum(p => _entries.GetValueOrDefault(p)?.Content?.Length ?? 0L);
    }

    public IReadOnlyList<string> MountsBelow(string path)
    {
        lock (_lock) return [.. _mounts.Where(m => m == path || m.StartsWith(path + "/", StringComparison.Ordinal)).OrderByDescending(m => m.Length)];
    }

    Entry? Find(string path)
    {
        if (_entries.TryGetValue(path, out var entry)) return entry.Target is null ? entry : Find(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, entry.Target)));
        for (var above = Path.GetDirectoryName(path); above is { Length: > 1 }; above = Path.GetDirectoryName(above))
            if (_entries.TryGetValue(above, out var link) && link.Target is { } target)
                return Find(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(above)!, target) + path[above.Length..]));
        return null;
    }

    /// <summary>Everything below a path: ordinal order keeps it together.</summary>
    List<string> Below(string path) => _entries.Between(path + "/", path + "0");

    sealed class Entries
    {
        readonly Dictionary<string, Entry> _all = new(StringComparer.Ordinal);
        readonly SortedSet<string> _paths = new(StringComparer.Ordinal);

        public Entry this[string path]
        {
            set
            {
                _all[path] = value;
                _paths.Add(path);
            }
        }

        public Entry? GetValueOrDefault(string path) => _all.GetValueOrDefault(path);

        public bool TryGetValue(string path, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Entry? entry) => _all.TryGetValue(path, out entry);

        public void TryAdd(string path, Entry entry)
        {
            if (_all.TryAdd(path, entry)) _paths.Add(path);
        }

        public bool Remove(string path) => _all.Remove(path) && _paths.Remove(path);

        public List<string> Between(string first, string last) => [.. _paths.GetViewBetween(first, last).Where(p => p != last)];
    }
}
