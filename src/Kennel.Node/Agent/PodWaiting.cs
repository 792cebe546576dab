using Kennel.Objects;

namespace Kennel.Node.Agent;

/// <summary>Why a pod stands still on its node.</summary>
/// <param name="For">What is waited for: <c>container main to pass its readiness probe: readiness probe failed, exit 1</c>.</param>
/// <param name="Since">Since when it waits for this.</param>
/// <param name="RetryAt">When it is tried again, or null when it isn't known.</param>
public sealed record PodWaiting(string Node, ObjectKey Pod, string For, DateTimeOffset Since, DateTimeOffset? RetryAt);
