using System.Globalization;
using Kennel.Client;
using Kennel.Store;

namespace Kennel.Simulation.Checks;

/// <summary>Every change that was made durable. Revisions have no gaps; nothing acknowledged is missing; reads and watches tell exactly this.</summary>
sealed class History(World world)
{
    const long First = 2; // revision 1 is the empty store

    readonly List<Change> _all = [];
    readonly Dictionary<string, List<long>> _byRoot = new(StringComparer.Ordinal);

    public long Last => First + _all.Count - 1;

    public Change At(long revision) => _all[(int)(revision - First)];

    public void Add(Change change)
    {
        if (change.Entry.Modified != Last + 1) world.Loop.Fail($"revision {change.Entry.Modified} follows {Last}");
        _all.Add(change);
        var root = Root(change.Entry.Key);
        if (!_byRoot.TryGetValue(root, out var revisions)) _byRoot.Add(root, revisions = []);
        revisions.Add(change.Entry.Modified);
    }

    public void Recovered(long revision)
    {
        if (revision != Last) world.Loop.Fail($"the store came back at revision {revision}, but {Last} was durable");
    }

    /// <summary>An answer that carries an object shows it as it was made durable.</summary>
    public void Acknowledged(ApiCall call, ApiAnswer answer)
    {
        if (!answer.Succeeded || call.Path.Contains('?') || call.Path.EndsWith("/scale", StringComparison.Ordinal)) return;
        var revision = RevisionIn(answer.Body.Span);
        if (revision == 0) return;
        if (revision > Last) world.Loop.Fail($"{call.Method} {call.Path} was acknowledged with revision {revision}, but only {Last} is durable");
        else if (!At(revision).Entry.Value.Span.SequenceEqual(answer.Body.Span) && call.Method != "DELETE" && IsObject(call.Path, answer))
            world.Loop.Fail($"{call.Method} {call.Path} answered with another content than revision {revision} has");
    }

    /// <summary>Follows a watch of a whole kind; null for one with a selector.</summary>
    public WatchCheck? Watches(string path)
    {
        if (path.Contains("Selector", StringComparison.Ordinal)) return null;
        var parts = path.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var root = parts[0] == "api" ? $"/registry/core/{parts[^1]}/" : $"/registry/{parts[1]}/{parts[^1]}/";
        var at = path.IndexOf("resourceVersion=", StringComparison.Ordinal);
        var digits = path.AsSpan(at + 16);
        var end = digits.IndexOf('&');
        return new(world, this, root, long.Parse(end < 0 ? digits : digits[..end], CultureInfo.InvariantCulture));
    }

    /// <summary>The first change of a kind after a revision; 0 when there is none.</summary>
    public long NextOf(string root, long after)
    {
        if (!_byRoot.TryGetValue(root, out var revisions)) return 0;
        var index = revisions.BinarySearch(after + 1);
        if (index < 0) index = ~index;
        return index < revisions.Count ? revisions[index] : 0;
    }

    /// <summary>The first resourceVersion in a JSON text: that of its metadata; 0 for none.</summary>
    public static long RevisionIn(ReadOnlySpan<byte> json)
    {
        var name = "\"resourceVersion\":\""u8;
        var at = json.IndexOf(name);
        if (at < 0) return 0;
        return System.Buffers.Text.Utf8Parser.TryParse(json[(at + name.Length)..], out long revision, out _) ? revision : 0;
    }

    static bool IsObject(string path, ApiAnswer answer) => answer.Body.Span[..Math.Min(60, answer.Body.Length)].IndexOf("List\""u8) < 0 && !path.EndsWith("/binding", StringComparison.Ordinal) && !path.EndsWith("/eviction", StringComparison.Ordinal);

    static string Root(string key)
    {
        var end = key.IndexOf('/', key.IndexOf('/', "/registry/".Length) + 1);
        return key[..(end + 1)];
    }
}
