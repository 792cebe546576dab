using System.Globalization;
using System.Text.Json.Nodes;

namespace Kennel.Load;

/// <summary>What a scenario found: a line for people and a line of JSON.</summary>
internal sealed class Figures(string scenario)
{
    private readonly List<(string Name, double Value, string Unit)> _values = [];

    /// <param name="unit">Of the value; it ends the name in the JSON: <c>p50Ms</c>.</param>
    public Figures Add(string name, double value, string unit = "")
    {
        _values.Add((name, value, unit));
        return this;
    }

    /// <summary>The middle and the slow end of some times.</summary>
    public Figures Spread(IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        if (sorted.Length == 0) return this;
        return Add("p50", sorted[sorted.Length / 2], "ms").Add("p99", sorted[Math.Min(sorted.Length - 1, sorted.Length * 99 / 100)], "ms").Add("max", sorted[^1], "ms");
    }

    public void Print(string server)
    {
        Console.WriteLine($"{scenario,-14} {string.Join("  ", _values.Select(each => $"{each.Name} {Short(each.Value)}{(each.Unit.Length > 0 ? " " + each.Unit : "")}"))}");
        var line = new JsonObject { ["scenario"] = scenario, ["server"] = server };
        foreach (var (name, value, unit) in _values) line[name + Capital(unit)] = Math.Round(value, 3);
        Console.WriteLine(line.ToJsonString());
    }

    private static string Short(double value) => value.ToString(value >= 100 ? "N0" : "0.##", CultureInfo.InvariantCulture);

    private static string Capital(string unit) => unit switch
    {
        "" => "",
        "/s" => "PerSecond",
        "%" => "Percent",
        _ => string.Concat(char.ToUpperInvariant(unit[0]).ToString(), unit.AsSpan(1)),
    };
}
