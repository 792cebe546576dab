using System.Globalization;
using System.Text;

namespace Kennel.Objects.Kinds;

/// <summary>A place in an object, spelt out only when something is wrong there: <c>spec.containers[0].name</c>, <c>spec.resources[storage]</c>.</summary>
public readonly struct At
{
    readonly Step? _step;

    sealed record Step(Step? Above, string? Name, int Index, string? Key);

    At(Step step) => _step = step;

    public static At Root => default;

    public static implicit operator At(string path) => new(new Step(null, path, 0, null));

    public At this[string field] => new(new Step(_step, field, 0, null));

    public At this[int index] => new(new Step(_step, null, index, null));

    public At Key(string key) => new(new Step(_step, null, 0, key));

    public override string ToString()
    {
        var text = new StringBuilder();
        Spell(_step, text);
        return text.ToString();
    }

    static void Spell(Step? step, StringBuilder text)
    {
        if (step is null) return;
        Spell(step.Above, text);
        if (step.Name is not null) text.Append(text.Length == 0 ? "" : ".").Append(step.Name);
        else if (step.Key is not null) text.Append('[').Append(step.Key).Append(']');
        else text.Append(CultureInfo.InvariantCulture, $"[{step.Index}]");
    }
}
