namespace Kennel.Objects.Applying;

/// <summary>Fields that nobody owns: what identifies an object and what only the server sets.</summary>
static class Stripped
{
    public static bool AtRoot(string field) => field is "apiVersion" or "kind";

    public static bool InMetadata(string field) => field is
        "name" or "namespace" or "creationTimestamp" or "selfLink" or "uid" or "clusterName" or "generation" or "managedFields" or "resourceVersion";
}
