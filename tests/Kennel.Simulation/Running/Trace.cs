using System.Globalization;

namespace Kennel.Simulation.Running;

/// <summary>What happened, for people (the last of it) and as a number that two runs of a seed must agree on.</summary>
sealed class Trace
{
    const int Kept = 400;
    const ulong Prime = 1099511628211;

    readonly record struct Line(DateTimeOffset At, string Who, string Verb, string What, string More);

    readonly Line[] _lines = new Line[Kept];
    long _count;

    public ulong Hash { get; private set; } = 14695981039346656037;

    /// <summary>Gets every line as text; for looking at one seed.</summary>
    public Action<string>? Follow { get; set; }

    public void Add(DateTimeOffset at, string who, string verb, string what = "", string more = "")
    {
        var line = new Line(at, who, verb, what, more);
        _lines[_count++ % Kept] = line;
        Mix(who);
        Mix(verb);
        Mix(what);
        Mix(more);
        Follow?.Invoke(Text(line));
    }

    public void Mix(ulong value) => Hash = (Hash ^ value) * Prime;

    /// <summary>The last lines, oldest first.</summary>
    public IEnumerable<string> Last(int most)
    {
        for (var at = Math.Max(0, _count - Math.Min(most, Kept)); at < _count; at++) yield return Text(_lines[at % Kept]);
    }

    void Mix(string text)
    {
        foreach (var c in text) Hash = (Hash ^ c) * Prime;
    }

    static string Text(Line line) => string.Create(CultureInfo.InvariantCulture, $"{line.At:HH:mm:ss.fff} {line.Who,-12} {line.Verb,-9} {line.What} {line.More}").TrimEnd();
}
