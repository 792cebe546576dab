namespace Kennel.Node.Agent;

/// <summary>Folders of pods that neither the API nor the runtime knows: an agent was killed between two steps.</summary>
static class LeftOvers
{
    public static void Remove(Shared shared, Predicate<string> isKnown)
    {
        try
        {
            foreach (var uid in shared.Parts.Host.List($"{shared.Options.DataFolder}/pods"))
                if (!isKnown(uid)) shared.Volumes.TearDown(uid, all: true);
            foreach (var name in shared.Parts.Host.List($"{shared.Options.DataFolder}/logs"))
                if (name.Split('_') is [_, _, var uid] && !isKnown(uid)) shared.Parts.Host.Remove($"{shared.Options.DataFolder}/logs/{name}");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            shared.Parts.Log($"node {shared.Options.Node}: left-over folders: {failed.Message}");
        }
    }
}
