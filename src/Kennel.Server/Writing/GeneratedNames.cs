namespace Kennel.Server.Writing;

/// <summary>Names from a prefix: five letters and digits that make no words.</summary>
static class GeneratedNames
{
    const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";
    const int Suffix = 5;
    const int Longest = 63;

    /// <summary>How often a taken name is tried again with another suffix.</summary>
    public const int Attempts = 8;

    public static string Next(string prefix, Random random)
    {
        if (prefix.Length > Longest - Suffix) prefix = prefix[..(Longest - Suffix)];
        lock (random) return prefix + new string(random.GetItems<char>(Alphabet, Suffix));
    }
}
