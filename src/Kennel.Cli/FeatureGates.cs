using Kennel.Objects.Kinds;

namespace Kennel.Cli;

/// <summary>What <c>--feature-gates</c> says, in upstream's form: <c>Name=true,Other=false</c>.</summary>
static class FeatureGates
{
    public static IEnumerable<string> Known => Enum.GetNames<Gates>().Where(n => n != nameof(Gates.None));

    public static Gates Parse(string text)
    {
        var on = Gates.None;
        foreach (var item in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, value) = item.Split('=', 2) is [var left, var right] ? (left, right) : throw Wrong($"missing bool value for {item}");
            if (!Known.Contains(name)) throw Wrong($"unrecognized feature gate: {name}; known are {string.Join(", ", Known)}");
            if (!bool.TryParse(value, out var wish)) throw Wrong($"invalid value of {name}: {value}, must be true or false");
            var gate = Enum.Parse<Gates>(name);
            on = wish ? on | gate : on & ~gate;
        }
        return on;
    }

    static Complaint Wrong(string why) => new($"--feature-gates: {why}");
}
