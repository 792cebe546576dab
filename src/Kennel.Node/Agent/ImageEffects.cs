using System.Globalization;
using Kennel.Node.Pods;
using Kennel.Node.Runtime;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>Follows a container's image policy.</summary>
sealed class ImageEffects(Shared shared, PullSecrets secrets)
{
    static readonly TimeSpan s_first = TimeSpan.FromSeconds(10);
    static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    readonly IRuntime _runtime = shared.Parts.Runtime;

    public async Task<Func<Facts, Facts>> Ensure(Observed o, Container container, CancellationToken cancel)
    {
        var image = container.Image ?? "";
        try
        {
            var present = await _runtime.Image(image, cancel);
            switch (ImagePolicy.Of(container.ImagePullPolicy, image, present is not null))
            {
                case ImageChoice.Refuse:
                    var missing = $"Container image \"{image}\" is not present with pull policy of Never";
                    shared.Say(o.Pod, new("ErrImageNeverPull", missing, Warning: true, container.Name));
                    return Failed(o, container, "ErrImageNeverPull", missing);
                case ImageChoice.UsePresent:
                    shared.Say(o.Pod, new("Pulled", $"Container image \"{image}\" already present on machine and can be accessed by the pod", Container: container.Name));
                    return Ready(container, present!.Id);
                default:
                    return await Pull(o, container, image, present, cancel);
            }
        }
        catch (RuntimeException failed)
        {
            return Failed(o, container, failed.Reason == "InvalidImageName" ? failed.Reason : "ErrImagePull", failed.Message);
        }
    }

    async Task<Func<Facts, Facts>> Pull(Observed o, Container container, string image, ImageState? present, CancellationToken cancel)
    {
        var asked = shared.Parts.Time.GetTimestamp();
        await shared.Pulls.WaitAsync(cancel);
        try
        {
            shared.Say(o.Pod, new("Pulling", $"Pulling image \"{image}\"", Container: container.Name));
            var began = shared.Parts.Time.GetTimestamp();
            var reference = await _runtime.PullImage(image, await secrets.For(o, image, cancel), cancel);
            var took = $"{Text(shared.Parts.Time.GetElapsedTime(began))} ({Text(shared.Parts.Time.GetElapsedTime(asked))} including waiting)";
            var size = (await _runtime.Image(reference, cancel))?.Size ?? 0;
            shared.Say(o.Pod, new("Pulled", $"Successfully pulled image \"{image}\" in {took}. Image size: {size.ToString(CultureInfo.InvariantCulture)} bytes.", Container: container.Name));
            return Ready(container, reference);
        }
        catch (RuntimeException failed) when (present is not null && ImagePolicy.RegistryIsAway(failed.Message))
        {
            var message = $"The registry of image \"{image}\" can't be reached; the image that is present on the machine is used although the pull policy is Always: {failed.Message}";
            shared.Say(o.Pod, new("Pulled", message, Warning: true, container.Name));
            return Ready(container, present.Id);
        }
        finally
        {
            shared.Pulls.Release();
        }
    }

    static Func<Facts, Facts> Ready(Container container, string reference) => facts => facts.With(container.Name, c => c with { Image = reference, ImageTrouble = null });

    Func<Facts, Facts> Failed(Observed o, Container container, string reason, string message)
    {
        if (reason == "ErrImagePull")
        {
            shared.Say(o.Pod, new("Failed", $"Failed to pull image \"{container.Image}\": {message}", Warning: true, container.Name));
            shared.Say(o.Pod, new("BackOff", $"Back-off pulling image \"{container.Image}\"", Container: container.Name));
        }
        shared.Say(o.Pod, new("Failed", $"Error: {reason}", Warning: true, container.Name));
        return facts => facts.With(container.Name, c => c with { ImageTrouble = Trouble.After(c.ImageTrouble, reason, message, shared.Now, s_first, s_longest) });
    }

    static string Text(TimeSpan time) => time.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s");
}
