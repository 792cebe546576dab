using System.Collections.Immutable;
using Kennel.Node.Runtime;

namespace Kennel.Node.Images;

/// <param name="InUse">Some container of the node, running or not, was made from it.</param>
/// <param name="UsedAt">When it was last in use, or first seen.</param>
public sealed record ImageUse(ImageState Image, bool InUse, DateTimeOffset UsedAt);

/// <summary>
/// Which images go when the disk is short: those that nothing uses, the longest unused first, until enough is free. What was loaded from an
/// archive stays, since no registry could bring it back: only pulled images have a registry's digest. Pure.
/// </summary>
public static class ImageCollecting
{
    /// <summary>A pod may be about to start with it.</summary>
    static readonly TimeSpan s_young = TimeSpan.FromMinutes(2);

    public static ImmutableArray<string> Choose(IEnumerable<ImageUse> images, long bytes, DateTimeOffset now)
    {
        var chosen = ImmutableArray.CreateBuilder<string>();
        foreach (var use in images.Where(u => !u.InUse && u.Image.Digests.Count > 0 && now - u.UsedAt >= s_young).OrderBy(u => u.UsedAt).ThenBy(u => u.Image.Id, StringComparer.Ordinal))
        {
            if (bytes <= 0) break;
            bytes -= use.Image.Size;
            chosen.Add(use.Image.Id);
        }
        return chosen.ToImmutable();
    }
}
