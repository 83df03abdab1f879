"""What every stage needs: people, audit, jobs, live news. It knows no stage."""
