using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;

namespace Kennel.Objects.Kinds;

/// <summary>Gathers what is wrong with an object. The bodies are upstream's.</summary>
public sealed class Errors(Gates gates = Gates.None)
{
    List<FieldError>? _list;

    /// <summary>What is allowed besides what 1.36 allows by default.</summary>
    public Gates Gates { get; } = gates;

    public IReadOnlyList<FieldError> List => _list ?? (IReadOnlyList<FieldError>)[];

    public int Count => _list?.Count ?? 0;

    public void Add(FieldError error) => (_list ??= []).Add(error);

    public void Required(At at, string detail = "") => Add(FieldError.Required(at.ToString(), detail));

    public void Invalid(At at, JsonNode? value, string detail) => Add(FieldError.Invalid(at.ToString(), value, detail));

    public void NotSupported(At at, string value, params IEnumerable<string> supported) => Add(FieldError.NotSupported(at.ToString(), value, supported));

    public void Forbidden(At at, string detail) => Add(FieldError.Forbidden(at.ToString(), detail));

    public void Duplicate(At at, JsonNode? value) => Add(FieldError.Duplicate(at.ToString(), value));

    public void NotFound(At at, JsonNode? value) => Add(FieldError.NotFound(at.ToString(), value));

    /// <summary>Adds when <paramref name="problem"/> is one: for checks that answer with a sentence, several with <c>"; "</c> between, or null.</summary>
    public void Unless(string? problem, At at, JsonNode? value)
    {
        if (problem is null) return;
        foreach (var one in problem.Split("; ")) Invalid(at, value, one);
    }

    public void TooLong(At at, int longest) => Add(FieldError.TooLong(at.ToString(), longest));

    /// <summary>Adds when <paramref name="value"/> is absent or isn't among <paramref name="supported"/>.</summary>
    public void OneOf(At at, string? value, params ReadOnlySpan<string> supported)
    {
        if (value is null or "") Required(at);
        else if (!supported.Contains(value)) NotSupported(at, value, supported.ToArray());
    }

    public void Unchanged(At at, JsonNode? value, JsonNode? old)
    {
        if (!Same.Values(value, old)) Invalid(at, value, "field is immutable");
    }

    public void NotNegative(At at, long? value)
    {
        if (value < 0) Invalid(at, value, "must be greater than or equal to 0");
    }
}
