using System.Globalization;
using System.Text;

namespace Kennel.Controllers.Revisions;

/// <summary>Upstream's hash of a revision's bytes, so that a set has the same revision names here and there.</summary>
public static class RevisionHash
{
    /// <summary>The API's alphabet for generated names: no vowels, and none of 0, 1, 3, so that no words come out.</summary>
    const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>32-bit FNV-1 over the data and then the decimal collision count, spelled in <see cref="Alphabet"/>.</summary>
    public static string Of(string data, int collisions)
    {
        var hash = Fnv1(Fnv1(2166136261, Encoding.UTF8.GetBytes(data)), Encoding.ASCII.GetBytes(collisions.ToString(CultureInfo.InvariantCulture)));
        return Spell(hash);
    }

    /// <summary>The decimal digits of a number, each replaced by a safe character.</summary>
    public static string Spell(uint hash) =>
        string.Concat(hash.ToString(CultureInfo.InvariantCulture).Select(c => Alphabet[c % Alphabet.Length]));

    static uint Fnv1(uint hash, byte[] bytes)
    {
        foreach (var b in bytes) hash = unchecked(hash * 16777619) ^ b;
        return hash;
    }
}
