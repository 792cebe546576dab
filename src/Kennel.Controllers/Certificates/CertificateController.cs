using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Certificates;

namespace Kennel.Controllers.Certificates;

/// <summary>Looks at requests for certificates; see <see cref="Judge"/>.</summary>
/// <param name="sign">Signs a request (PEM) for usages and a time, and gives the certificate (PEM).</param>
public sealed class CertificateController(ICaches caches, Func<string, IReadOnlyList<string>, TimeSpan?, string> sign) : IController
{
    readonly ICache<CertificateSigningRequest> _requests = caches.Of<CertificateSigningRequest>();

    public string Name => "certificate-controller";

    public void Watch(ITriggers triggers) => triggers.On<CertificateSigningRequest>((_, after) => after is null ? [] : [ObjectKey.Of(after)]);

    public Decision Reconcile(ObjectKey key, Moment moment) => _requests.Get(key) is { } request ? Judge.Decide(request, moment.Now, sign) : Decision.Nothing;
}
