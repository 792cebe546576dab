using System.Collections.Immutable;

namespace Kennel.Controllers.Scheduling.Preemption;

/// <summary>A node that would do if these pods went.</summary>
/// <param name="Victims">The most important first; never empty.</param>
/// <param name="Violations">How many of them a disruption budget would keep.</param>
public sealed record Candidate(string Node, ImmutableArray<Guest> Victims, int Violations);
