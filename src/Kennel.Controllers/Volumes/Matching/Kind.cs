using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes.Matching;

/// <summary>What must be equal, or enough, between a claim and a volume besides class, size and labels. Ordered by the number of access modes.</summary>
readonly record struct Kind(AccessModes Modes, string Mode, string Attributes) : IComparable<Kind>
{
    public static Kind Of(PersistentVolume volume) => new(AccessModes.Of(volume.Spec?.AccessModes), volume.Mode, volume.Spec?.VolumeAttributesClassName ?? "");

    public static Kind Of(PersistentVolumeClaim claim) => new(AccessModes.Of(claim.Spec?.AccessModes), claim.Mode, claim.Spec?.VolumeAttributesClassName ?? "");

    public bool Serves(Kind claim) => Modes.Contain(claim.Modes) && Mode == claim.Mode && Attributes == claim.Attributes;

    public int CompareTo(Kind other) =>
        Modes.CompareTo(other.Modes) is var modes and not 0 ? modes
        : string.CompareOrdinal(Mode, other.Mode) is var mode and not 0 ? mode
        : string.CompareOrdinal(Attributes, other.Attributes);
}

/// <summary>A set of access modes; said twice is said once.</summary>
readonly record struct AccessModes(int Bits) : IComparable<AccessModes>
{
    static readonly string[] s_names = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];

    public int Count => System.Numerics.BitOperations.PopCount((uint)Bits);

    public static AccessModes Of(IReadOnlyList<string>? names)
    {
        var bits = 0;
        foreach (var name in names ?? []) bits |= Array.IndexOf(s_names, name) is var at and >= 0 ? 1 << at : 1 << 31; // the API knows no others
        return new(bits);
    }

    public bool Contain(AccessModes other) => (Bits & other.Bits) == other.Bits;

    public int CompareTo(AccessModes other) => Count - other.Count is var count and not 0 ? count : Bits.CompareTo(other.Bits);
}
