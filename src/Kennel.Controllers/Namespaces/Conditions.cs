using Kennel.Objects.Core;

namespace Kennel.Controllers.Namespaces;

/// <summary>The five conditions of a namespace that is being deleted, in upstream's words: "False" is good news here.</summary>
public static class Conditions
{
    public const string ContentRemaining = "NamespaceContentRemaining";
    public const string FinalizersRemaining = "NamespaceFinalizersRemaining";

    public static NamespaceStatus Of(NamespaceStatus status, Remaining left, DateTimeOffset now)
    {
        status = Set(status, "NamespaceDeletionDiscoveryFailure", null, "", "ResourcesDiscovered", "All resources successfully discovered", now);
        status = Set(status, "NamespaceDeletionGroupVersionParsingFailure", null, "", "ParsedGroupVersions", "All legacy kube types successfully parsed", now);
        status = Set(status, "NamespaceDeletionContentFailure", left.Failures.Count == 0 ? null : $"Failed to delete all resource types, {left.Failures.Count} remaining: {string.Join(", ", left.Failures)}",
            "ContentDeletionFailed", "ContentDeleted", "All content successfully deleted, may be waiting on finalization", now);
        status = Set(status, ContentRemaining, left.Content is { } content ? $"Some resources are remaining: {content}" : null,
            "SomeResourcesRemain", "ContentRemoved", "All content successfully removed", now);
        return Set(status, FinalizersRemaining, left.Held is { } held ? $"Some content in the namespace has finalizers remaining: {held}" : null,
            "SomeFinalizersRemain", "ContentHasNoFinalizers", "All content-preserving finalizers finished", now);
    }

    /// <param name="trouble">The message when all is not well, or null.</param>
    static NamespaceStatus Set(NamespaceStatus status, string type, string? trouble, string bad, string good, string fine, DateTimeOffset now)
    {
        var present = status.Conditions.FirstOrDefault(c => c.Type == type);
        var value = trouble is null ? "False" : "True";
        NamespaceCondition next = new()
        {
            Type = type, Status = value, Reason = trouble is null ? good : bad, Message = trouble ?? fine,
            LastTransitionTime = present?.Status == value ? present.LastTransitionTime : now,
        };
        if (present is null) return status with { Conditions = [.. status.Conditions, next] };
        return present == next ? status : status with { Conditions = [.. status.Conditions.Select(c => c.Type == type ? next : c)] };
    }
}
