using Kennel.Node.Pods;

namespace Kennel.Node.Agent;

/// <summary>What a worker may ask about the others of its node, and tell them.</summary>
/// <param name="Predecessor">An earlier pod of its name that isn't stopped yet, as a sentence, or null.</param>
/// <param name="Room">Why what its pod asks for now doesn't fit beside the others, or null.</param>
/// <param name="Ended">Nothing is left of the pod.</param>
sealed record Neighbours(Func<PodWorker, string?> Predecessor, Func<PodWorker, Refused?> Room, Action<PodWorker> Ended);
