using Kennel.Objects;

namespace Kennel.Client.Running;

/// <summary>How a step ended.</summary>
/// <param name="Status">The HTTP status; 0 when there was no answer.</param>
/// <param name="Reason">The Status' reason of a refusal: Conflict, AlreadyExists, NotFound…</param>
/// <param name="Message">The API's message of a refusal.</param>
/// <param name="Landed">What the caches must show before the key is looked at again; null when nothing was written.</param>
sealed record Effect(bool Succeeded, int Status = 200, string Reason = "", string Message = "", Landed? Landed = null)
{
    public static readonly Effect Nothing = new(true);
}

/// <summary>A write of ours that the cache of its kind has to show.</summary>
/// <param name="Revision">The revision of the write, or 0 when the answer didn't tell.</param>
/// <param name="Before">What the cache held before the write (for answers that don't tell a revision).</param>
/// <param name="Deleted">The write was a deletion: seen when the object is gone, replaced or terminating.</param>
sealed record Landed(ResourceId Resource, ObjectKey Key, long Revision, IObject? Before, bool Deleted)
{
    public bool SeenBy(Caching.Cache cache)
    {
        if (Revision > 0 && !Deleted) return cache.Revision >= Revision;
        var now = cache.Find(Key);
        if (Deleted) return now is null || now.Metadata.DeletionTimestamp is not null || Before is null || now.Metadata.Uid != Before.Metadata.Uid;
        return now is null || Before is null || now.Metadata.ResourceVersion != Before.Metadata.ResourceVersion;
    }
}
