using Kennel.Objects.Refusals;

namespace Kennel.Server;

/// <summary>A value, or why there is none.</summary>
readonly struct Result<T>
{
    public T Value { get; private init; }

    public Refusal? Refusal { get; private init; }

    public static implicit operator Result<T>(T value) => new() { Value = value };

    public static implicit operator Result<T>(Refusal refusal) => new() { Refusal = refusal, Value = default! };
}
