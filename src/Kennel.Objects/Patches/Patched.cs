using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;

namespace Kennel.Objects.Patches;

/// <summary>What a patch made of its target, or why it can't.</summary>
public readonly record struct Patched(JsonObject? Object, Refusal? Refusal)
{
    public static implicit operator Patched(JsonObject made) => new(made, null);

    public static implicit operator Patched(Refusal refusal) => new(null, refusal);

    /// <summary>422 in upstream's words; the detail, which upstream keeps to itself, is a cause.</summary>
    internal static Patched Unprocessable(string detail) =>
        new Refusal(422, "Invalid", "the server rejected our request due to an error in our request") { Causes = [new FieldError("UnexpectedServerResponse", "", detail)] };
}
