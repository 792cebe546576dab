namespace Kennel.Controllers.Scheduling.Crowds;

/// <summary>What guests say of pods near them.</summary>
public enum Feeling
{
    /// <summary>Required anti-affinity: none of those may come.</summary>
    Refuses,

    /// <summary>Affinity or anti-affinity, required or preferred, as far as it makes nodes better or worse for those.</summary>
    Weighs,
}

/// <summary>One thing that guests say alike, and how many of them each node has.</summary>
/// <param name="Weight">Of <see cref="Feeling.Weighs"/>: below zero for anti-affinity.</param>
public sealed record Wish(string Id, Feeling Feeling, Term Term, int Weight, Tally Tally);
